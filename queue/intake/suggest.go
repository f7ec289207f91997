package intake

import "strings"

// suggest names the known word nearest to a mistyped one, or else all of them. It
// never repeats the mistyped one.
func suggest(word string, known []string) string {
	best, distance := "", min(len(word), 40)/3+2
	if len(word) <= 40 {
		for _, k := range known {
			if n := editDistance(strings.ToLower(word), k); n < distance {
				best, distance = k, n
			}
		}
	}
	if best == "" {
		return "known: " + strings.Join(known, ", ")
	}
	return "did you mean " + best + "?"
}

// editDistance counts the insertions, deletions and substitutions between a and b
// (Levenshtein), in one row of the usual matrix.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
