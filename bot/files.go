package main

import (
	"cmp"
	"fmt"
	"io"
	"os"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"github.com/usher-dev/usher/bot/app"
	"github.com/usher-dev/usher/config"
)

// needFile wants at least one file to be named.
func needFile(c *cobra.Command, files []string) error {
	if len(files) == 0 {
		return fmt.Errorf("say which file of definitions to apply, for example `%s catalog.yaml`", c.CommandPath())
	}
	return nil
}

// demoFlag lets a command work on the store of a demo.
func demoFlag(c *cobra.Command, demo *bool) {
	c.Flags().BoolVar(demo, "demo", false, "the store is one of usher demo; with neither --data nor --redis it is your own")
}

func applyCommand() *cobra.Command {
	var o app.ApplyOptions
	c := &cobra.Command{
		Use:   "apply FILE|FOLDER...",
		Short: "Write catalogs, resources and packages from YAML files into the store, after showing what would change",
		Args:  needFile,
		RunE: func(c *cobra.Command, files []string) (err error) {
			o.Common, o.Files, o.In, o.Terminal = common(c), files, c.InOrStdin(), terminal(c.InOrStdin())
			if o.Config, err = configuration(c); err != nil {
				return err
			}
			if o.WhenFree && !o.Prune {
				return fmt.Errorf("--when-free says how to delete: it needs --prune")
			}
			return app.Apply(c.Context(), o)
		},
	}
	configFlags(c)
	demoFlag(c, &o.Demo)
	c.Flags().BoolVar(&o.DryRun, "dry-run", false, "show the plan and change nothing")
	c.Flags().BoolVarP(&o.Yes, "yes", "y", false, "apply without asking")
	c.Flags().BoolVar(&o.Prune, "prune", false, "delete what files manage and none of these files has")
	c.Flags().BoolVar(&o.WhenFree, "when-free", false, "with --prune: delete also what somebody holds, as soon as nobody does; nobody can ask for it from now on")
	return c
}

// terminal reports whether somebody can be asked.
func terminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

func exportCommand() *cobra.Command {
	var o app.EntraOptions
	var format string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the store's catalogs, resources and packages as files",
		Args:  nothingMore,
		RunE: func(c *cobra.Command, _ []string) (err error) {
			o.Common = common(c)
			if o.Config, err = configuration(c); err != nil {
				return err
			}
			switch format {
			case "yaml":
				return app.Export(c.Context(), app.ExportOptions{Common: o.Common, Config: o.Config, Demo: o.Demo, Dir: o.Dir})
			case "entra":
				o.Dir = cmp.Or(o.Dir, ".")
				return app.ExportEntra(c.Context(), o)
			}
			return fmt.Errorf("there is no format %q: say --format yaml or --format entra", format)
		},
	}
	entraFlags(c, &o)
	c.Flags().StringVar(&format, "format", "yaml", "yaml: files for usher apply; entra: the JSON of Microsoft Graph")
	c.Flags().StringVarP(&o.Dir, "output", "o", "", "folder to write to (default: yaml prints all in one piece, entra writes where you are)")
	return c
}

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of files of definitions, for editors",
		Args:  nothingMore,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := c.OutOrStdout().Write(config.Schema())
			return err
		},
	}
}
