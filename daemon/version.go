package daemon

import (
	"runtime"
	"runtime/debug"
)

// Build is what the binary knows of its making.
type Build struct {
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the repository; "+" when it was changed
	Go       string `json:"go"`
}

// ReadBuild reads it from the binary.
func ReadBuild() Build {
	v := Build{Version: "(devel)", Revision: "unknown", Go: runtime.Version()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" {
		v.Version = info.Main.Version
	}
	modified := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	if modified {
		v.Revision += "+"
	}
	return v
}
