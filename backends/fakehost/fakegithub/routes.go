package fakegithub

// routes are the endpoints, each before those whose pattern would also match
// its paths.
var routes = []route{}
