package recording

import "bytes"

// What the marks are called in an audio editor.
const (
	labelAnswer = "dijawab"
	labelEnd    = "berakhir"
)

// mark is a named position in the file.
type mark struct {
	id       uint32 // from 1
	position uint32 // in frames
	label    string // ASCII
}

// writeMarks writes a cue chunk and the list of labels that belongs to it
// (RIFF, Multimedia Programming Interface and Data Specifications 1.0, 1991).
func writeMarks(b *bytes.Buffer, marks []mark) {
	b.WriteString("cue ")
	put32(b, uint32(4+24*len(marks)))
	put32(b, uint32(len(marks)))
	for _, m := range marks {
		put32(b, m.id)
		put32(b, m.position)
		b.WriteString("data")
		put32(b, 0) // no wavl list: both starts are 0
		put32(b, 0)
		put32(b, m.position)
	}
	var labels bytes.Buffer
	labels.WriteString("adtl")
	for _, m := range marks {
		text := m.label + "\x00"
		labels.WriteString("labl")
		put32(&labels, uint32(4+len(text)))
		put32(&labels, m.id)
		labels.WriteString(text)
		if len(text)%2 == 1 {
			labels.WriteByte(0) // chunks begin at even offsets
		}
	}
	b.WriteString("LIST")
	put32(b, uint32(labels.Len()))
	b.Write(labels.Bytes())
}
