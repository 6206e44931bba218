package e2e

import "strings"

// unused is what Slack's documents have and Usher has no use for: every other
// interaction type ("Interaction payloads", "Legacy: interactive messages,
// dialogs, steps from apps"), and events.
func unused() map[string]attempt {
	all := map[string]attempt{}
	for kind, more := range map[string]string{
		"interactive_message":   `,"actions":[{"name":"a","type":"button","value":"approve"}],"callback_id":"c","original_message":{"text":"x"}`,
		"dialog_submission":     `,"submission":{"reason":"x"},"callback_id":"c","state":"s"`,
		"dialog_cancellation":   `,"callback_id":"c","state":"s"`,
		"dialog_suggestion":     `,"name":"n","value":"v","callback_id":"c"`,
		"message_suggestion":    `,"name":"n","value":"v"`,
		"workflow_step_edit":    `,"workflow_step":{"workflow_id":"1","step_id":"2"},"callback_id":"c"`,
		"workflow_step_execute": `,"workflow_step":{"workflow_step_execute_id":"1"}`,
		"function_executed":     `,"function":{"callback_id":"c"},"inputs":{}`,
		"app_requests":          ``,
		"from_the_future":       `,"new":{"thing":true}`,
		"view_closed":           `,"view":{"id":"V1","type":"modal","hash":"1","private_metadata":""},"is_cleared":true`,
	} {
		all["the interaction "+kind] = attempt{path: interactions, body: payload(made(kind, more)), status: 200, counted: "ignored"}
	}
	for name, inside := range map[string]string{
		"a search outside of a form":         made("block_suggestion", `,"action_id":"x","block_id":"y","value":"z","container":{"type":"message"}`),
		"a search in a modal that is none":   made("block_suggestion", `,"action_id":"x","block_id":"y","value":"z","view":{"id":"V1","type":"modal","private_metadata":"not ours"}`),
		"a form that is none":                made("view_submission", `,"view":{"id":"V1","type":"modal","hash":"1","private_metadata":"{}","state":{"values":{}}}`),
		"a button without a token":           made("block_actions", `,"actions":[{"type":"button","action_id":"x"}]`),
		"a token that is a number":           made("block_actions", `,"actions":[{"type":"button","value":17}]`),
		"a menu on a message":                made("block_actions", `,"actions":[{"type":"overflow","selected_option":{"value":"approve"}}]`),
		"a button of a function":             made("block_actions", `,"function_data":{"execution_id":"Fx1"},"actions":[{"type":"workflow_button"}]`),
		"an element from the future":         made("block_actions", `,"actions":[{"type":"hologram","value":"approve"}]`),
		"a field in a modal that is no form": made("block_actions", `,"view":{"id":"V1","type":"modal"},"actions":[{"type":"static_select"}]`),
	} {
		all[name] = attempt{path: interactions, body: payload(inside), status: 200, counted: "ignored"}
	}
	for _, kind := range eventTypes() {
		body := happened(`{"type":"` + kind + `","user":"U0MINA","channel":"C0LOBBY","text":"hello"}`)
		all["the event "+kind] = attempt{path: events, body: body, status: 200, counted: "ignored"}
	}
	return all
}

// eventTypes are those of the Events API that Usher is not subscribed to, some
// that it is and that say nothing, and one that there is not.
func eventTypes() []string {
	return strings.Fields(`
		app_deleted app_installed app_mention app_requested app_uninstalled app_uninstalled_team assistant_thread_context_changed
		assistant_thread_started bot_added bot_changed call_rejected channel_archive channel_created channel_deleted
		channel_history_changed channel_id_changed channel_left channel_rename channel_shared channel_unarchive channel_unshared
		commands_changed dnd_updated dnd_updated_user email_domain_changed emoji_changed entity_details_requested
		external_org_migration_finished external_org_migration_started file_change file_comment_added file_created file_deleted
		file_public file_shared file_unshared function_executed grid_migration_finished grid_migration_started group_archive
		group_close group_deleted group_history_changed group_left group_open group_rename group_unarchive im_close im_created
		im_history_changed im_open invite_requested link_shared member_joined_team message_metadata_deleted message_metadata_posted
		message_metadata_updated pin_added pin_removed pref_change reaction_added reaction_removed resources_added
		resources_removed scope_denied scope_granted shared_channel_invite_accepted shared_channel_invite_approved
		shared_channel_invite_declined shared_channel_invite_received shared_channel_invite_requested star_added star_removed
		subteam_created subteam_self_added subteam_self_removed team_access_granted team_access_revoked team_domain_change
		team_join team_rename tokens_revoked url_verification user_huddle_changed user_profile_changed user_resource_denied
		user_resource_granted user_resource_removed user_status_changed workflow_deleted workflow_published
		workflow_step_deleted workflow_step_execute workflow_unpublished app_home_opened message user_change from_the_future`)
}
