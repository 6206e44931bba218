package playground

import "bytes"

// straight takes out the characters that turn the direction of text by force
// (Unicode's embeddings, overrides and isolates, U+202A–202E and U+2066–2069):
// with them, a name or a reason could make what stands beside it read as
// something else. Writing that runs from right to left needs none of them.
// Everything that the page and its API show goes through it.
func straight(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, text)
}
