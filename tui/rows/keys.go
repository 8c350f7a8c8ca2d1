package rows

import "github.com/scimdrift/scimdrift/tui/keymap"

// Keys are those of a list of rows.
func (*List) Keys() keymap.Table { return keys }

const keys keymap.Table = `board/rows | Rows | on Drift, Groups and Users
fold              | enter  | 1 fold     | fold or unfold a heading | a heading at the cursor
inspect           | enter  | 1 inspect  | look at one row in full | a row at the cursor
fold-all          | z      |            | fold or unfold all headings | headings: {sort} sorts, worst first
next-severity     | ]      |            | down to the next severity | rows that show
previous-severity | [      |            | up to the severity before | rows that show
next-match        | n      |            | to the filter's next match, cleared or not | a filter: {filter} sets one
previous-match    | N      |            | to the match before | a filter: {filter} sets one
drift-only        | f      | 4 all rows | drift only, or all rows | a read
sort              | s      | 5 sort     | sort: worst, by name, by side, latest first | a read
mark              | space  | 2 mark     | mark or unmark, and go on | a row at the cursor
range             | v      |            | begin a range, or mark the one that is open | a row at the cursor
mark-matches      | ctrl+a |            | mark every row that the filter leaves | rows that show
unmark            | V      |            | unmark all | a marked row
export            | x      |            | export what shows: Markdown, CSV, JSON, a plan | a read`
