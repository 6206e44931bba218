package access

// MaxChannels is how many channels the cards of one thing can be routed to.
const MaxChannels = 10

// Validate checks "<chat>/<channel>", in the form of an Account.
func (n Channel) Validate() Problems {
	c := newCheck()
	c.channel(string(n))
	return c.done()
}

func (c check) channel(id string) {
	switch {
	case id == "":
		c.add("required")
	case len(id) > MaxAccount || !accountForm.MatchString(id):
		c.add("badChannel", "value", clip(id), "max", MaxAccount)
	}
}

// Validate checks where cards go. Whoever wants no direct messages has to name
// a channel.
func (r Routing) Validate() Problems {
	c := newCheck()
	atMost(c.in("channels"), r.Channels, MaxChannels)
	seen := map[string]bool{}
	for i, channel := range r.Channels {
		at := c.in("channels").nth(i)
		at.channel(string(channel))
		at.unique(seen, "", string(channel))
	}
	if r.ChannelOnly && len(r.Channels) == 0 {
		c.in("channelOnly").add("noChannels")
	}
	return c.done()
}
