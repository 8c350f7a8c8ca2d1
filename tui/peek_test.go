package tui
import ("testing";"fmt")
func TestPeek(t *testing.T){
 a := board(t, hostile().compare(), 120, 36)
 fmt.Println(frame(a)); a.press("3"); fmt.Println(frame(a))
 a = loadingBoard(t, nil); a.width,a.height=100,24; fmt.Println(frame(a))
 a = loadingBoard(t, drifted().compare()); a.width,a.height=120,24; fmt.Println(frame(a))
 a = board(t, drifted().compare(), 80,24); a.press(":"); a.write("re"); fmt.Println(frame(a))
 a = board(t, drifted().compare(), 80,24); a.press("/"); a.write("ana"); fmt.Println(frame(a))
 a = board(t, drifted().compare(), 80,24); a.press("space","space","v","j","j"); fmt.Println(frame(a))
 a = board(t, drifted().compare(), 100,24); a.press("@"); a.Update(requestsMsg{a.top().(*requestsScreen), exchanges()}); fmt.Println(frame(a))
}
