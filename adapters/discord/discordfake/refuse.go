package discordfake

import (
	"fmt"
	"strings"
)

// refusal is an error response: {"code":…,"message":…,"errors":…} (API
// Reference, "Error Messages"; Opcodes and Status Codes, "JSON").
type refusal struct {
	status, code int
	message      string
	errors       object
	wait         *limited // of a 429
}

func (r *refusal) Error() string {
	if len(r.errors) > 0 {
		return fmt.Sprintf("%d %s: %v", r.code, r.message, r.errors)
	}
	return fmt.Sprintf("%d %s", r.code, r.message)
}

// The codes that this fake refuses with.
const (
	unknownChannel     = 10003
	unknownGuild       = 10004
	unknownMember      = 10007
	unknownMessage     = 10008
	unknownOverwrite   = 10009
	unknownRole        = 10011
	unknownUser        = 10013
	unknownWebhook     = 10015
	unknownInteraction = 10062
	unknownCommand     = 10063
	tooManyCommands    = 30032
	tooManyInThread    = 30033
	tooManyCreates     = 30034
	tooLarge           = 40005
	alreadyAnswered    = 40060
	blocked            = 40333
	missingAccess      = 50001
	notOnDM            = 50003
	notTheAuthor       = 50005
	emptyMessage       = 50006
	cannotDM           = 50007
	notText            = 50008
	missingPermissions = 50013
	notThisChannel     = 50024
	badWebhookToken    = 50027
	invalidRole        = 50028
	invalidRecipient   = 50033
	invalidForm        = 50035
	badVersion         = 50041
	archivedThread     = 50083
	invalidJSON        = 50109
	noMutualGuild      = 50278
	needsTwoFactor     = 60003
	replyNeedsHistory  = 160002
	threadExists       = 160004
	threadLocked       = 160005
	notTheApp          = 20012
)

// meaning is the HTTP status and the message of a code.
func meaning(code int) (status int, message string) {
	switch code {
	case unknownChannel:
		return 404, "Unknown Channel"
	case unknownGuild:
		return 404, "Unknown Guild"
	case unknownMember:
		return 404, "Unknown Member"
	case unknownMessage:
		return 404, "Unknown Message"
	case unknownOverwrite:
		return 404, "Unknown Overwrite"
	case unknownRole:
		return 404, "Unknown Role"
	case unknownUser:
		return 404, "Unknown User"
	case unknownWebhook:
		return 404, "Unknown Webhook"
	case unknownInteraction:
		return 404, "Unknown interaction"
	case unknownCommand:
		return 404, "Unknown application command"
	case badWebhookToken:
		return 401, "Invalid Webhook Token"
	case missingAccess:
		return 403, "Missing Access"
	case missingPermissions:
		return 403, "Missing Permissions"
	case cannotDM:
		return 403, "Cannot send messages to this user"
	case noMutualGuild:
		return 403, "Cannot send messages to this user due to having no mutual guilds"
	case needsTwoFactor:
		return 403, "Two factor is required for this operation"
	case notTheAuthor:
		return 403, "Cannot edit a message authored by another user"
	case notTheApp:
		return 403, "You are not authorized to perform this action on this application"
	case blocked:
		return 403, "Cloudflare is blocking your request"
	case tooLarge:
		return 413, "Request entity too large"
	}
	return 400, badRequest(code)
}

func badRequest(code int) string {
	switch code {
	case tooManyCommands:
		return "Maximum number of application commands reached"
	case tooManyInThread:
		return "Maximum number of thread participants has been reached (1000)"
	case tooManyCreates:
		return "Max number of daily application command creates has been reached (200)"
	case alreadyAnswered:
		return "Interaction has already been acknowledged."
	case notOnDM:
		return "Cannot execute action on a DM channel"
	case emptyMessage:
		return "Cannot send an empty message"
	case notText:
		return "Cannot send messages in a non-text channel"
	case notThisChannel:
		return "Cannot execute action on this channel type"
	case invalidRole:
		return "Invalid Role"
	case invalidRecipient:
		return "Invalid Recipient(s)"
	case badVersion:
		return "Invalid API version"
	case archivedThread:
		return "Thread is archived"
	case invalidJSON:
		return "The request body contains invalid JSON."
	case replyNeedsHistory:
		return "Cannot reply without permission to read message history"
	case threadExists:
		return "A thread has already been created for this message"
	case threadLocked:
		return "Thread is locked"
	}
	return "Invalid Form Body"
}

func refuse(code int) error {
	status, message := meaning(code)
	return &refusal{status: status, code: code, message: message}
}

// problem is what is wrong with one field; path is its keys with "/" between.
type problem struct{ path, code, message string }

// form refuses a body, with the problems where they are.
func form(problems []problem) error {
	if len(problems) == 0 {
		return nil
	}
	r := refuse(invalidForm).(*refusal)
	r.errors = object{}
	for _, p := range problems {
		at := r.errors
		for key := range strings.SplitSeq(strings.Trim(p.path, "/"), "/") {
			if key == "" {
				continue
			}
			next, ok := at[key].(object)
			if !ok {
				next = object{}
				at[key] = next
			}
			at = next
		}
		list, _ := at["_errors"].([]any)
		at["_errors"] = append(list, object{"code": p.code, "message": p.message})
	}
	return r
}

// badField refuses a body for one field.
func badField(path, code, message string) error { return form([]problem{{path, code, message}}) }
