// What a picture shows, as text within its file: a picture and its text are made together and cannot be parted. A PNG
// has it in a compressed iTXt chunk, a GIF in a comment.
import fs from "node:fs";
import zlib from "node:zlib";

const keyword = "Description\0"; // of those that the PNG specification names
const pngHead = 8; // bytes before the first chunk
const gifComment = Buffer.from([0x21, 0xfe]), gifMark = Buffer.from("\x0cscreen texts");

// label writes the text of a picture into it.
export function label(file, text) {
  const picture = fs.readFileSync(file), packed = zlib.deflateSync(text);
  fs.writeFileSync(file, file.endsWith(".png") ? intoPNG(picture, packed) : intoGIF(picture, packed));
}

// labelled gives the text of a picture, and nothing if it has none.
export function labelled(file) {
  const picture = fs.readFileSync(file), packed = file.endsWith(".png") ? fromPNG(picture) : fromGIF(picture);
  return packed && zlib.inflateSync(packed).toString();
}

// A chunk is its length, its type, its data and a checksum of both; the last one is IEND, without data.
function* chunks(png) {
  for (let at = pngHead; at < png.length; at += 12 + png.readUInt32BE(at)) {
    yield { type: png.toString("latin1", at + 4, at + 8), data: png.subarray(at + 8, at + 8 + png.readUInt32BE(at)) };
  }
}

function intoPNG(png, packed) {
  const flags = Buffer.from([1, 0, 0, 0]); // compressed, by deflate, in no language, under no other keyword
  const body = Buffer.concat([Buffer.from("iTXt" + keyword), flags, packed]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length - 4, 0);
  frame.writeUInt32BE(zlib.crc32(body), 4);
  const end = png.length - 12;
  return Buffer.concat([png.subarray(0, end), frame.subarray(0, 4), body, frame.subarray(4), png.subarray(end)]);
}

function fromPNG(png) {
  for (const { type, data } of chunks(png)) {
    if (type === "iTXt" && data.indexOf(keyword) === 0) return data.subarray(keyword.length + 4);
  }
}

// A comment is blocks of at most 255 bytes, each after its length, and ends with an empty one; the file ends with
// 0x3b.
function intoGIF(gif, packed) {
  const blocks = [];
  for (let at = 0; at < packed.length; at += 255) {
    const block = packed.subarray(at, at + 255);
    blocks.push(Buffer.from([block.length]), block);
  }
  return Buffer.concat([gif.subarray(0, -1), gifComment, gifMark, ...blocks, Buffer.from([0, 0x3b])]);
}

function fromGIF(gif) {
  const start = gif.lastIndexOf(Buffer.concat([gifComment, gifMark]));
  if (start < 0) return;
  const blocks = [];
  for (let at = start + gifComment.length + gifMark.length; gif[at] > 0; at += 1 + gif[at]) {
    blocks.push(gif.subarray(at + 1, at + 1 + gif[at]));
  }
  return Buffer.concat(blocks);
}
