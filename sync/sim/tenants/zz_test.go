package tenants
import ("testing";"fmt")
func TestZZ(t *testing.T){ tn:=build(t,Options{Seed:1}); for _,f:=range tn.Truth{fmt.Printf("%-18s %-8s %-34q %-18s %-16s %v %v\n",f.Kind,f.Severity,f.Subject,f.Cause,f.StateCause,f.Members,f.Fields)}
for _,e:=range tn.World.Source.Events{ if e.Type!=13&&e.Type!=51&&e.Type!=1801&&e.Type!=1&&e.Type!=52&&e.Type!=14{fmt.Println(e.ID,e.At.Format("01-02 15:04"),e.Type,e.UserName,"|",e.ActorUserName,"|",e.RoleName,"|",e.ErrorDescription)}}
fmt.Println(len(tn.World.Source.Users),len(tn.World.Target.Users),len(tn.World.Target.Groups),len(tn.World.Source.Events), tn.World.Source.Apps[tn.AppID].SCIMBaseURL)
for _,s:=range Scenarios(){x:=build(t,Options{Scenario:s.Name}); fmt.Println(s.Name,x.Truth.Totals(),len(x.World.Source.Events))}
}
