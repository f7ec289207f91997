package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
)

func (c *cli) editCommand() *cobra.Command {
	var taxpayer, npwp, phone, extension, message string
	cmd := &cobra.Command{
		Use:   "edit ID",
		Short: "Correct the data of a follow-up that waits",
		Long:  "Corrects what is given and leaves the rest as it is. An empty text empties a field. The deadline does not change.",
		Example: `  sambung edit 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --phone 0812-3456-7891
  sambung edit 01KBQ3V0G5QZ8M4T7Y2W9E6R1X --extension ""`,
		Args: cobra.ExactArgs(1),
	}
	flags := cmd.Flags()
	flags.StringVar(&taxpayer, "taxpayer", "", "the taxpayer's name")
	flags.StringVar(&npwp, "npwp", "", "tax number, 15 or 16 digits")
	flags.StringVar(&phone, "phone", "", "the taxpayer's telephone number")
	flags.StringVar(&extension, "extension", "", "extension to ask for")
	flags.StringVar(&message, "message", "", "what the agent is to deliver")
	given := func(name string, value *string) *string {
		if flags.Changed(name) {
			return value
		}
		return nil
	}
	cmd.RunE = c.asking(func(ctx context.Context, api *client.Client, args []string) error {
		edit := client.Edit{
			Taxpayer: given("taxpayer", &taxpayer), NPWP: given("npwp", &npwp), Phone: given("phone", &phone),
			Extension: given("extension", &extension), Message: given("message", &message),
		}
		if edit == (client.Edit{}) {
			return usage("nothing to change; give at least one of --taxpayer, --npwp, --phone, --extension, --message")
		}
		state, err := api.Edit(ctx, args[0], edit)
		if err != nil {
			return err
		}
		return c.printState(state)
	})
	return cmd
}
