package doctor

import (
	"strings"

	"sambung/configs"
)

// shortest is the length of a secret that is looked for, in bytes: a shorter one
// may be a word of the language.
const shortest = 8

// hide takes secrets out of the findings. Nothing here writes one, but a server
// may repeat in its answer what it was sent.
func hide(c configs.Config, findings []Finding) {
	secrets := []configs.Secret{c.Redis.Password, c.S3.SecretKey}
	for _, s := range c.Switches {
		secrets = append(secrets, s.Password)
	}
	var pairs []string
	for _, s := range secrets {
		if text := s.Reveal(); len(text) >= shortest {
			pairs = append(pairs, text, "[secret]")
		}
	}
	r := strings.NewReplacer(pairs...)
	for i := range findings {
		f := &findings[i]
		f.What, f.Remedy, f.Detail = r.Replace(f.What), r.Replace(f.Remedy), r.Replace(f.Detail)
	}
}
