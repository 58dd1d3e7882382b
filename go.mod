module mooring

go 1.26

require (
	github.com/hack-pad/safejs v0.1.0
	github.com/tidwall/gjson v1.20.1
)

require (
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.0 // indirect
)

// gjson names three functions of pretty, for the modifiers that Mooring never
// uses, and through them links encoding/json: some 200 kB of brotli.
replace github.com/tidwall/pretty => ./third_party/pretty

// safejs brings fmt, reflect and os: a tenth of the browser module.
replace github.com/hack-pad/safejs => ./third_party/safejs
