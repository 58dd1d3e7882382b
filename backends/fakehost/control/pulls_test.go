package control

import (
	"encoding/json"
	"strings"
	"testing"

	"mooring/backends/fakehost"
)

func TestControl_Pulls(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	r.do("POST", "commits", `{"repository":"owner/repo","branch":"x","author":"owner","message":"m","files":{"c":{"content":"new"}}}`)
	if got := r.do("POST", "pulls", `{"repository":"owner/repo","author":"owner","branch":"x","title":"T","body":"B","labels":["one"]}`); !strings.Contains(got, `"number":1`) {
		t.Errorf("it has %s", got)
	}
	r.do("POST", "labels", `{"repository":"owner/repo","number":1,"labels":["two"]}`)
	for _, state := range []string{"open", "closed"} {
		want := `[{"number":1,"title":"T","body":"B","author":"owner","base":"main","head":"owner:x","labels":["one","two"],"state":"` + state + `"}]`
		if got := r.do("GET", "pulls?repository=owner/repo", ""); strings.TrimSpace(got) != want {
			t.Errorf("the pull requests are %s", got)
		}
		closed := false
		if _, err := r.repo().EditPull(1, fakehost.PullEdit{Open: &closed}); err != nil {
			t.Fatal(err)
		}
	}
	if status, answer := r.send("POST", "pulls", `{"repository":"owner/repo","branch":"none"}`); status != 400 {
		t.Errorf("a missing branch: %d %s", status, answer)
	}
}

func TestControl_Commits(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	r.do("POST", "commits", `{"repository":"owner/repo","branch":"main","author":"owner","message":"m","files":{"c":{"content":"new"}}}`)
	var got []commitJSON
	if err := json.Unmarshal([]byte(r.do("GET", "commits?repository=owner/repo&branch=main", "")), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Message != "m" || got[0].Author != "O" || got[0].Parents[0] != got[1].SHA || len(got[1].Parents) != 0 {
		t.Errorf("the commits are %+v", got)
	}
	if status, answer := r.send("GET", "commits?repository=owner/repo&branch=none", ""); status != 400 {
		t.Errorf("a missing branch: %d %s", status, answer)
	}
}

func TestControl_Forks(t *testing.T) {
	t.Parallel()
	r := withRepo(t)
	r.do("POST", "users", `{"login":"guest","name":"G"}`)
	if _, err := r.host.Fork("guest", r.repo(), fakehost.ForkOptions{}); err != nil {
		t.Fatal(err)
	}
	if got := r.do("GET", "forks?repository=owner/repo", ""); strings.TrimSpace(got) != `["guest/repo"]` {
		t.Errorf("the forks are %s", got)
	}
}
