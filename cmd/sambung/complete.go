package main

import (
	"slices"

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

// showByExample gives an example to the commands that the library brings along.
func showByExample(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	examples := map[string]string{
		"sambung help":                  "  sambung help enqueue",
		"sambung completion":            "  sambung completion bash > /etc/bash_completion.d/sambung",
		"sambung completion bash":       "  source <(sambung completion bash)",
		"sambung completion zsh":        "  sambung completion zsh > \"${fpath[1]}/_sambung\"",
		"sambung completion fish":       "  sambung completion fish > ~/.config/fish/completions/sambung.fish",
		"sambung completion powershell": "  sambung completion powershell | Out-String | Invoke-Expression",
	}
	for _, cmd := range root.Commands() {
		for _, c := range append(cmd.Commands(), cmd) {
			if example, ok := examples[c.CommandPath()]; ok {
				c.Example = example
			}
		}
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

// openStatuses are those of follow-ups for which something will be tried.
func openStatuses() []string {
	return slices.DeleteFunc(statuses(), func(s string) bool { return queue.Status(s).Ended() })
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

// reviews are what quality assurance can have said of a dossier.
func reviews() []string { return []string{"none", "accepted", "returned"} }

// formats are those of an export; the first one is usual.
func formats() []string { return []string{"csv", "jsonl"} }
