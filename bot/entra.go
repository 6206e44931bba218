package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/usher-dev/usher/bot/app"
)

func importCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Import packages from other systems",
		Args:  oneOfThese,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(importEntraCommand())
	return c
}

func importEntraCommand() *cobra.Command {
	var o app.EntraOptions
	c := &cobra.Command{
		Use:   "entra FILE|FOLDER...",
		Short: "Import what Microsoft Graph says of entitlement management, as JSON, after showing what would change",
		Args: func(c *cobra.Command, files []string) error {
			if len(files) == 0 {
				return fmt.Errorf("say which files or folders to import, for example `%s graph/`", c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, files []string) (err error) {
			o.Common, o.Files, o.In, o.Terminal = common(c), files, c.InOrStdin(), terminal(c.InOrStdin())
			if o.Config, err = configuration(c); err != nil {
				return err
			}
			return app.ImportEntra(c.Context(), o)
		},
	}
	entraFlags(c, &o)
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "show the plan and change nothing")
	c.Flags().BoolVarP(&o.Yes, "yes", "y", false, "import without asking")
	return c
}

// entraFlags are what an import and an export of Entra's have in common.
func entraFlags(c *cobra.Command, o *app.EntraOptions) {
	configFlags(c)
	demoFlag(c, &o.Demo)
	c.Flags().StringArrayVar(&o.Maps, "map", nil, "YAML file that says who and what Entra's object ids are in the chats; may be given several times")
}
