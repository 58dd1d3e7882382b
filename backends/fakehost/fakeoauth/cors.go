package fakeoauth

import (
	"net/http"
	"strings"

	"github.com/rs/cors"
)

// cors lets pages of any origin call the token and revocation endpoints while
// Settings.CORS has it so, never the authorize endpoint. GitLab's allows these
// headers (config/application.rb), Gitea's section [cors] has more of no use here.
func (s *Server) cors(next http.Handler) http.Handler {
	open := cors.New(cors.Options{
		AllowedMethods:       []string{http.MethodPost},
		AllowedHeaders:       []string{"Accept", "Authorization", "Content-Type", "X-CSRF-Token", "X-Requested-With"},
		OptionsSuccessStatus: http.StatusOK,
	}).Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, s.root)
		if s.Settings().CORS && path != s.dialect.authorize {
			open.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}
