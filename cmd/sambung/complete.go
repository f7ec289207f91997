package main

import (
	"github.com/spf13/cobra"

	"sambung/queue"
)

// complete lets the shell offer the values of a flag. A flag that is not there
// is a mistake of ours.
func complete(cmd *cobra.Command, flag string, values []string) {
	err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic("sambung: " + err.Error())
	}
}

func routes() []string {
	var all []string
	for _, r := range queue.Routes() {
		all = append(all, string(r))
	}
	return all
}

func statuses() []string {
	var all []string
	for _, s := range queue.Statuses() {
		all = append(all, string(s))
	}
	return all
}

// outcomes are those that an agent can confirm.
func outcomes() []string {
	var all []string
	for _, r := range queue.Rules() {
		if r.Outcome.Confirmable() {
			all = append(all, string(r.Outcome))
		}
	}
	return all
}
