package main

import (
	"context"

	"github.com/spf13/cobra"

	"sambung/daemon/api/client"
	"sambung/queue"
)

func (c *cli) agentCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "agent",
		Short:   "List the agents, add them, and say whether they take calls",
		Example: "  sambung agent list\n  sambung agent ready agent-1",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		c.agentListCommand(), c.agentAddCommand(), c.agentPauseCommand(), c.agentRemoveCommand(),
		c.agentPresenceCommand("ready", "Take calls from now on", queue.PresenceReady),
		c.agentPresenceCommand("offline", "Take no calls, at the end of the working day", queue.PresenceOffline),
	)
	return cmd
}

func (c *cli) agentListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the agents, the one free the longest first",
		Example: "  sambung agent list",
		Args:    cobra.NoArgs,
		RunE: c.asking(func(ctx context.Context, api *client.Client, _ []string) error {
			agents, err := api.Agents(ctx)
			if err != nil {
				return err
			}
			return c.printAgents(agents...)
		}),
	}
}

func (c *cli) printAgents(agents ...queue.Agent) error {
	if c.json {
		if agents == nil {
			agents = []queue.Agent{}
		}
		return c.printJSON(map[string]any{"agents": agents})
	}
	rows := [][]string{{"AGENT", "PRESENCE", "SINCE", "BUSY WITH", "ENDPOINT", "SWITCH", "SPECIALISATION", "REASON"}}
	for _, a := range agents {
		rows = append(rows, []string{
			string(a.ID), c.presence(a.Presence), moment(a.Since), string(a.Reserved), a.Endpoint, a.Switch, clean(a.Specialisation), clean(a.PauseReason),
		})
	}
	return c.table(rows)
}

func (c *cli) presence(p queue.Presence) string {
	switch p {
	case queue.PresenceReady:
		return c.paint(green, string(p))
	case queue.PresencePaused:
		return c.paint(yellow, string(p))
	}
	return string(p)
}

func (c *cli) agentAddCommand() *cobra.Command {
	var agent client.Agent
	cmd := &cobra.Command{
		Use:     "add AGENT --endpoint ENDPOINT --switch SWITCH",
		Short:   "Add an agent, or change where one is reached",
		Example: "  sambung agent add agent-1 --endpoint PJSIP/agent-1 --switch asterisk-1",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			added, err := api.PutAgent(ctx, args[0], agent)
			if err != nil {
				return err
			}
			return c.printAgents(added)
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&agent.Endpoint, "endpoint", "", "the agent's telephone at the switch")
	flags.StringVar(&agent.Switch, "switch", "", "the switch at which it is registered")
	flags.StringVar(&agent.Specialisation, "specialisation", "", "what the agent knows best")
	required(cmd, "endpoint", "switch")
	return cmd
}

func (c *cli) agentPresenceCommand(name, short string, p queue.Presence) *cobra.Command {
	return &cobra.Command{
		Use:     name + " AGENT",
		Short:   short,
		Example: "  sambung agent " + name + " agent-1",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			agent, err := api.SetPresence(ctx, args[0], p, "")
			if err != nil {
				return err
			}
			return c.printAgents(agent)
		}),
	}
}

func (c *cli) agentPauseCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:     "pause AGENT",
		Short:   "Take no calls for a while",
		Example: "  sambung agent pause agent-1 --reason istirahat",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			agent, err := api.SetPresence(ctx, args[0], queue.PresencePaused, reason)
			if err != nil {
				return err
			}
			return c.printAgents(agent)
		}),
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why")
	return cmd
}

func (c *cli) agentRemoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "remove AGENT",
		Short:   "Remove an agent who has no follow-up in hand",
		Example: "  sambung agent remove agent-1",
		Args:    cobra.ExactArgs(1),
		RunE: c.asking(func(ctx context.Context, api *client.Client, args []string) error {
			if err := api.RemoveAgent(ctx, args[0]); err != nil {
				return err
			}
			if c.json {
				return c.printJSON(map[string]string{"removed": args[0]})
			}
			return c.printf("%s removed\n", args[0])
		}),
	}
}
