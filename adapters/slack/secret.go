package slack

import "github.com/usher-dev/usher/adapters/chat/secret"

// Secret is a token that cannot be printed by accident.
type Secret = secret.Text
