package main

import (
	"github.com/spf13/cobra"

	"github.com/usher-dev/usher/bot/app"
)

func discordCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "discord",
		Short: "What is needed to set Usher up in Discord",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(inviteCommand())
	return c
}

func inviteCommand() *cobra.Command {
	var o app.InviteOptions
	c := &cobra.Command{
		Use:   "invite",
		Short: "Print the link that brings Usher into a server, with the reason for each permission",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			o.Common = common(c)
			if o.Config, err = configuration(c); err != nil {
				return err
			}
			return app.DiscordInvite(c.Context(), o)
		},
	}
	c.Flags().String("config", "", "configuration file (USHER_CONFIG)")
	return c
}
