package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/queue"
)

func (c *cli) userCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "user",
		Short:   "List the people who may sign in to the pages, add and remove them",
		Example: "  sambung user list\n  sambung user add tono --role agent --agent agent-1",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.userListCommand(), c.userAddCommand(), c.userPasswordCommand(), c.userRemoveCommand())
	return cmd
}

func (c *cli) userListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the users by name",
		Example: "  sambung user list",
		Args:    cobra.NoArgs,
		RunE: c.asking(func(ctx context.Context, api *client.Client, _ []string) error {
			users, err := api.Users(ctx)
			if err != nil {
				return err
			}
			return c.printUsers(users...)
		}),
	}
}

func (c *cli) printUsers(users ...queue.User) error {
	if c.json {
		return c.printJSON(map[string]any{"users": append([]queue.User{}, users...)})
	}
	rows := [][]string{{"USER", "ROLE", "AGENT", "ENDPOINT", "SWITCH", "LANGUAGE", "CHANGED", ""}}
	for _, u := range users {
		state := ""
		if u.Disabled {
			state = c.paint(yellow, "disabled")
		}
		rows = append(rows, []string{clean(u.Name), string(u.Role), string(u.Agent), clean(u.Endpoint), clean(u.Switch), clean(u.Language), moment(u.Changed), state})
	}
	return c.table(rows)
}

func (c *cli) userAddCommand() *cobra.Command {
	var record client.User
	var role, agent string
	var keep bool
	put := c.asking(func(ctx context.Context, api *client.Client, args []string) error {
		record.Role, record.Agent = queue.Role(role), queue.AgentID(agent)
		user, err := api.PutUser(ctx, args[0], record)
		if err != nil {
			return err
		}
		return c.printUsers(user)
	})
	cmd := &cobra.Command{
		Use:   "add NAME --role ROLE",
		Short: "Add a user, or change one",
		Long: `Add a user, or change one. The password is asked for, or is the first line of standard
input. With --keep-password it is not asked for, and stays. The whole record is
written: what is left out is empty afterwards.`,
		Example: "  sambung user add tono --role agent --agent agent-1\n  sambung user add spv-1 --role supervisor --endpoint PJSIP/spv-1 --switch asterisk-1 < password\n  sambung user add tono --role agent --agent agent-1 --keep-password --disabled",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			c.started = true
			if !keep { // before the daemon's time runs: people type slowly
				if record.Password, err = c.newPassword(args[0]); err != nil {
					return err
				}
			}
			return put(cmd, args)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&role, "role", "", "agent, supervisor, qa or admin")
	flags.StringVar(&agent, "agent", "", "the agent that the user is, with role agent")
	flags.StringVar(&record.Endpoint, "endpoint", "", "the user's own telephone, with which a supervisor listens")
	flags.StringVar(&record.Switch, "switch", "", "the switch at which it is registered")
	flags.StringVar(&record.Language, "language", "", "of the pages: id, en")
	flags.BoolVar(&record.Disabled, "disabled", false, "let nobody in under the name")
	flags.BoolVar(&keep, "keep-password", false, "leave the password as it is")
	required(cmd, "role")
	return cmd
}

func (c *cli) userPasswordCommand() *cobra.Command {
	var password string
	put := c.asking(func(ctx context.Context, api *client.Client, args []string) error {
		users, err := api.Users(ctx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(users, func(u queue.User) bool { return u.Name == args[0] })
		if i < 0 {
			return &client.Error{Status: http.StatusNotFound, Code: "not_found", Message: fmt.Sprintf("there is no user %q; see sambung user list", args[0])}
		}
		record := client.RecordOf(users[i])
		record.Password = password
		user, err := api.PutUser(ctx, args[0], record)
		if err != nil {
			return err
		}
		return c.printUsers(user)
	})
	return &cobra.Command{
		Use:     "password NAME",
		Short:   "Give a user another password, and sign the user out everywhere",
		Example: "  sambung user password tono",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			c.started = true
			if password, err = c.newPassword(args[0]); err != nil {
				return err
			}
			return put(cmd, args)
		},
	}
}

func (c *cli) userRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "remove NAME",
		Short:   "Remove a user, who is signed out everywhere",
		Example: "  sambung user remove tono",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			if err := api.RemoveUser(ctx, args[0]); err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]string{"removed": args[0]})
			}
			return c.printf("%s removed\n", args[0])
		}),
	}
}
