package fakegateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rs/cors"

	"mooring/backends/fakehost"
)

// StorePrefix is where the fake has the objects' store, which is Amazon S3 at an
// origin of its own. Faults on its paths make uploads fail.
const StorePrefix = "/_s3"

// linkLife is how long a link to the store is good.
const linkLife = 15 * time.Minute

const amzDate = "20060102T150405Z"

// storeOrigins is the CORS of the store.
var storeOrigins = cors.New(cors.Options{
	AllowedMethods:       []string{http.MethodPut, http.MethodGet},
	AllowedHeaders:       []string{"*"},
	MaxAge:               3000,
	OptionsSuccessStatus: http.StatusOK,
})

// store is a signed link. The signature is of nothing but the method, the object
// and the time: clients may send what headers they like.
func (s *Server) store(r *http.Request, method, oid string) action {
	path := StorePrefix + "/" + s.options.Site + "/" + oid
	date := s.host.Now().Format(amzDate)
	q := url.Values{
		"X-Amz-Algorithm": {"AWS4-HMAC-SHA256"}, "X-Amz-Credential": {"FAKE/" + date[:8] + "/us-east-1/s3/aws4_request"},
		"X-Amz-Date": {date}, "X-Amz-Expires": {strconv.Itoa(int(linkLife.Seconds()))}, "X-Amz-SignedHeaders": {"host"},
		"X-Amz-Signature": {s.signature(method, path, date)},
	}
	return action{Href: origin(r) + path + "?" + q.Encode(), ExpiresIn: int(linkLife.Seconds())}
}

func (s *Server) signature(method, path, date string) string {
	mac := hmac.New(sha256.New, s.secret)
	_, _ = io.WriteString(mac, method+"\n"+path+"\n"+date)
	return hex.EncodeToString(mac.Sum(nil))
}

// serveStore takes and gives objects by signed links.
func (s *Server) serveStore(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	date, err := time.Parse(amzDate, q.Get("X-Amz-Date"))
	signed := hmac.Equal([]byte(q.Get("X-Amz-Signature")), []byte(s.signature(r.Method, r.URL.Path, q.Get("X-Amz-Date"))))
	switch {
	case err != nil || !signed:
		writeStoreError(w, http.StatusForbidden, "SignatureDoesNotMatch",
			"The request signature we calculated does not match the signature you provided. Check your key and signing method.")
		return
	case s.host.Now().After(date.Add(linkLife)):
		writeStoreError(w, http.StatusForbidden, "AccessDenied", "Request has expired")
		return
	}
	_, oid, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, StorePrefix+"/"), "/")
	if r.Method == http.MethodPut {
		s.putObject(w, r, oid)
		return
	}
	content, err := s.object(oid)
	if err != nil {
		writeStoreError(w, http.StatusNotFound, "NoSuchKey", "The specified key does not exist.")
		return
	}
	w.Header().Set("Content-Type", "binary/octet-stream")
	_, _ = w.Write(content) // a client that went away needs no answer
}

// putObject keeps an object. The store takes whatever comes: what has another
// hash is not found later on.
func (s *Server) putObject(w http.ResponseWriter, r *http.Request, oid string) {
	content, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) == oid {
		s.repository().PutLFS(content)
	}
	w.Header().Set("ETag", `"`+strconv.Itoa(len(content))+`"`)
	w.WriteHeader(http.StatusOK)
}

// storeError is an error of the store
// (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
type storeError struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
	Message string
}

func writeStoreError(w http.ResponseWriter, status int, code, message string) {
	text, err := xml.Marshal(storeError{Code: code, Message: message})
	if err != nil {
		panic(err) // two strings
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = w.Write(append([]byte(xml.Header), text...))
}

// refuseStore answers a fault of the store.
func refuseStore(w http.ResponseWriter, _ *http.Request, e fakehost.Effect) {
	codes := map[int]string{http.StatusForbidden: "AccessDenied", http.StatusServiceUnavailable: "SlowDown",
		http.StatusInternalServerError: "InternalError"}
	code, status := codes[e.Status], e.Status
	if code == "" {
		code, status = "SlowDown", http.StatusServiceUnavailable
	}
	writeStoreError(w, status, code, "Please try again.")
}
