package main

import (
	"github.com/spf13/cobra"

	"github.com/usher-dev/usher/bot/app"
)

func slackCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "slack",
		Short: "What is needed to set Usher up in Slack",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(manifestCommand())
	return c
}

func manifestCommand() *cobra.Command {
	var o app.ManifestOptions
	c := &cobra.Command{
		Use:   "manifest",
		Short: "Print the manifest of the app, with the reason for each permission",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			o.Common = common(c)
			if o.Config, err = configuration(c); err != nil {
				return err
			}
			return app.SlackManifest(o)
		},
	}
	c.Flags().String("config", "", "configuration file (USHER_CONFIG)")
	c.Flags().StringSlice("without", nil, "what Usher does not give in Slack: channels, groups (USHER_SLACK_WITHOUT)")
	c.Flags().StringVar(&o.HTTP, "http", "", "Slack calls this public address (https://…) instead of Usher using Socket Mode")
	c.Flags().StringVar(&o.Name, "name", "", "name of the app in Slack (default Usher)")
	c.Flags().BoolVar(&o.Manager, "manager", false, "managers are read from profiles: see USHER_SLACK_MANAGER_FIELD")
	return c
}
