package fakegithub

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"mooring/backends/fakehost"
	"mooring/backends/fakehost/graphql"
)

// graphqlHandler answers POST /graphql for who is signed in.
// https://docs.github.com/en/graphql
type graphqlHandler struct {
	host   *fakehost.Host
	engine *graphql.Engine
	web    string
}

// maxNodes is GitHub's limit for one request.
const maxNodes = 500_000

func (g *graphqlHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := r.Context().Value(viewerKey{}).(*call)
	w.Header().Set("X-GitHub-Media-Type", "github.v4; format=json")
	w.Header().Set("Cache-Control", "no-cache")
	var request graphql.Request
	decoder := json.NewDecoder(r.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&request); err != nil {
		g.host.NoteError(r, fmt.Errorf("the body is not a GraphQL request: %w", err))
		send(w, http.StatusBadRequest, obj{"message": "Problems parsing JSON",
			"documentation_url": "https://docs.github.com/graphql", "status": "400"})
		return
	}
	response := g.execute(r, c, request)
	if response.Problem != nil {
		g.host.NoteError(r, response.Problem)
	}
	if response.TimedOut {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>\r\n"))
		return
	}
	if response.Cost > 1 { // the first point is counted already
		rate, _ := g.host.Spend(c.rateUser(), "graphql", response.Cost-1)
		c.rateHeaders(w.Header(), rate, "graphql")
	}
	send(w, http.StatusOK, response)
}

func (g *graphqlHandler) execute(r *http.Request, c *call, request graphql.Request) *graphql.Response {
	limits := graphql.Limits{MaxNodes: maxNodes}
	if most := g.host.Settings().MaxBlobs; most > 0 {
		limits.Fields = map[string]int{"Blob.text": most}
	}
	s := &session{host: g.host, viewer: c.user, token: c.token, web: g.web}
	fresh := *s
	fresh.fresh = true
	return g.engine.Execute(r.Context(), request, graphql.Root{Query: queryRoot{s}, Mutation: mutationRoot{&fresh}}, limits)
}

func send(w http.ResponseWriter, status int, body any) {
	content := encode(body)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	w.WriteHeader(status)
	_, _ = w.Write(content) // a client that went away needs no answer
}

// graphqlLimited is what GraphQL answers when no points are left: with status 200.
// https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
func graphqlLimited(user fakehost.User) *answer {
	return &answer{body: obj{"errors": []any{obj{"type": "RATE_LIMITED",
		"message": fmt.Sprintf("API rate limit exceeded for user ID %d.", user.ID)}}}}
}

// scalars check the schema's own scalars.
var scalars = map[string]func(any) error{
	"GitObjectID": func(value any) error {
		id, _ := value.(string)
		if raw, err := hex.DecodeString(id); err != nil || len(raw) != 20 {
			return fmt.Errorf("%v is not a 40-digit Git object id", value)
		}
		return nil
	},
	"Base64String": isString, "DateTime": isString, "GitRefname": isString, "GitTimestamp": isString, "URI": isString,
}

func isString(value any) error {
	if _, ok := value.(string); !ok {
		return errors.New("is not a string")
	}
	return nil
}
