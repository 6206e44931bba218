package desk

import (
	"strings"

	"github.com/usher-dev/usher/adapters/chat"
)

// The verbs that buttons and forms may carry. Any other is refused.
const (
	verbApprove  chat.Verb = "approve"  // decide; a form when the stage wants a reason
	verbDeny     chat.Verb = "deny"     // decide; a form with a reason
	verbClaim    chat.Verb = "claim"    // "I'm on it"
	verbAmend    chat.Verb = "amend"    // form: correct answers
	verbDetails  chat.Verb = "details"  // show one request
	verbWithdraw chat.Verb = "withdraw" // take a request back
	verbTerms    chat.Verb = "terms"    // read the terms
	verbAccept   chat.Verb = "accept"   // accept the terms
	verbRefuse   chat.Verb = "refuse"   // refuse the terms
	verbExtend   chat.Verb = "extend"   // form: ask for more time
	verbRelease  chat.Verb = "release"  // give an assignment back
	verbRevoke   chat.Verb = "revoke"   // form: take an assignment away
	verbCancel   chat.Verb = "cancel"   // form: end a request that is not delivered
	verbRetry    chat.Verb = "retry"    // try a failed delivery again
	verbDone     chat.Verb = "done"     // a task is done
	verbCannot   chat.Verb = "cannot"   // form: a task can't be done
	verbPackage  chat.Verb = "package"  // show one package
	verbRequest  chat.Verb = "request"  // form: ask for the package Arg, or choose one
	verbAssign   chat.Verb = "assign"   // form: an admin assigns
	verbRemove   chat.Verb = "remove"   // form: an admin takes away
	verbPost     chat.Verb = "post"     // form: put a package's card somewhere
	verbUnlink   chat.Verb = "unlink"   // form: take an account away from its person
	verbVouch    chat.Verb = "vouch"    // form: confirm that an account is somebody's only one

	verbStep     chat.Verb = "step"       // form: a step of making a package (Arg; Stage: which step, Face: of which policy)
	verbStart    chat.Verb = "newpackage" // form: the first step of a new package
	verbWork     chat.Verb = "work"       // show a package under construction, or its policy Face-1
	verbPart     chat.Verb = "part"       // form: what of a package (Arg), or of its policy (Face: its mark), is to be edited
	verbMake     chat.Verb = "make"       // make what is under construction
	verbForget   chat.Verb = "forget"     // drop what is under construction
	verbPick     chat.Verb = "pick"       // form: which package a deed (Arg) is meant for
	verbWhenFree chat.Verb = "whenfree"   // delete a package as soon as nobody has it
	verbKeep     chat.Verb = "keep"       // call the deletion of a package off

	verbRest         chat.Verb = "rest"         // the next page of a list (Arg: kind, "/", last id that was shown)
	verbCatalog      chat.Verb = "catalog"      // show the catalog Arg
	verbCatalogEdit  chat.Verb = "editcatalog"  // form: a catalog, or a new one; Stage: the revision that it was drawn from
	verbCatalogDrop  chat.Verb = "dropcatalog"  // delete a catalog
	verbThing        chat.Verb = "thing"        // form: what is to become a resource (of the catalog Arg)
	verbResource     chat.Verb = "resource"     // show the resource Arg, its roles from Stage on
	verbResourceNew  chat.Verb = "newresource"  // form: the rest about a new resource
	verbResourceEdit chat.Verb = "editresource" // form: a resource; Stage: the revision that it was drawn from
	verbResourceDrop chat.Verb = "dropresource" // delete a resource
	verbRole         chat.Verb = "editrole"     // form: the role Request of a resource, 0 a new one; Stage: the revision
	verbRoleDrop     chat.Verb = "droprole"     // take the role Request from a resource; Stage: the revision

	verbPage     chat.Verb = "page"     // show a package to those who look after it
	verbSimulate chat.Verb = "simulate" // form: what would come of a request
	verbSimWay   chat.Verb = "simway"   // the same through another policy (Stage: its place among those that fit)

	verbPendingPage   chat.Verb = "pendpage"   // a page (Stage) of the list of open requests (Face: its filter)
	verbPendingFilter chat.Verb = "pendfilter" // form: narrow that list

	verbPolicies   chat.Verb = "policies"   // list the policies of the package Arg
	verbPolicy     chat.Verb = "policy"     // show a policy to whoever edits it (Arg: package, Face: mark of the policy)
	verbPolicyNew  chat.Verb = "newpolicy"  // form: a new policy
	verbPolicyName chat.Verb = "namepolicy" // form: name and place of a policy
	verbPolicyDrop chat.Verb = "droppolicy" // take a policy away
	verbQuestion   chat.Verb = "question"   // form: a question (Stage: its mark), or a new one

	verbSettings     chat.Verb = "settings"     // show the settings
	verbSettingsEdit chat.Verb = "editsettings" // form: the part Arg of the settings; Stage: a digest of what it was drawn from
	verbEvent        chat.Verb = "event"        // show the line Arg of the audit

	verbBulk       chat.Verb = "bulk"       // form: a list of people to assign a package to
	verbBulkGoOn   chat.Verb = "bulkgoon"   // carry a list out (Face: which), or go on with it
	verbBulkChange chat.Verb = "bulkchange" // open the form of a list again
	verbBulkFile   chat.Verb = "bulkfile"   // what became of each line, as a table

	verbDefine chat.Verb = "define" // carry out an edit that was shown
	verbOnTop  chat.Verb = "ontop"  // put an edit on top of what somebody else changed meanwhile
	verbBack   chat.Verb = "back"   // go back to where an edit was made

	verbLinkTyped   chat.Verb = "linktyped"   // the code (Arg) was typed in the other chat
	verbLinkConfirm chat.Verb = "linkconfirm" // link the account that typed it (Arg: code, ".", digest)
	verbLinkNotMe   chat.Verb = "linknotme"   // drop the code
)

// more goes before the verb of a form in the token that asks for the form's
// next page.
const more = "more"

// verbOf is the verb behind what goes before it.
func verbOf(v chat.Verb) chat.Verb {
	return chat.Verb(strings.TrimPrefix(strings.TrimPrefix(string(v), more), sure))
}

// route is what a verb does: open a form, or act at once. A direct one goes
// straight to the engine, which finds out itself who it is.
type route struct {
	direct bool
	// linking: also for an account that was unlinked.
	linking bool
	// work: it is about a package under construction, so what is typed is kept as
	// long as that is.
	work  bool
	form  func(*call, chat.Token, *draft) (*sheet, error)
	press func(*call, chat.Token) (chat.Reply, error)
}

// table is every verb with what it does.
func (d *Desk) table() map[chat.Verb]route {
	return map[chat.Verb]route{
		verbApprove:  {direct: true, press: (*call).approve, form: (*call).decideForm},
		verbDeny:     {press: (*call).deny, form: (*call).decideForm},
		verbClaim:    {direct: true, press: (*call).claim},
		verbAmend:    {form: (*call).amendForm},
		verbDetails:  {press: (*call).details},
		verbWithdraw: {direct: true, press: (*call).withdraw},
		verbTerms:    {press: (*call).terms},
		verbAccept:   {direct: true, press: (*call).accept},
		verbRefuse:   {direct: true, press: (*call).refuseTerms},
		verbExtend:   {form: (*call).extendForm},
		verbRelease:  {press: (*call).release},
		verbRevoke:   {form: (*call).revokeForm},
		verbCancel:   {form: (*call).cancelForm},
		verbRetry:    {press: (*call).retry},
		verbDone:     {press: (*call).done},
		verbCannot:   {form: (*call).cannotForm},
		verbPackage:  {press: (*call).showPackage},
		verbRequest:  {form: (*call).requestForm},
		verbAssign:   {form: (*call).assignForm},
		verbRemove:   {form: (*call).removeForm},
		verbPost:     {form: (*call).postForm},
		verbUnlink:   {form: (*call).unlinkForm},
		verbVouch:    {form: (*call).vouchForm},

		verbStep:     {work: true, form: (*call).stepForm},
		verbStart:    {press: (*call).startPackage},
		verbWork:     {press: (*call).showWork},
		verbPart:     {form: (*call).partForm},
		verbMake:     {press: (*call).makeWork},
		verbForget:   {press: (*call).forget},
		verbPick:     {form: (*call).pickForm},
		verbWhenFree: {press: (*call).deleteWhenFree},
		verbKeep:     {press: (*call).keepPackage},

		verbPage:     {press: (*call).showPage},
		verbSimulate: {form: (*call).simulateForm},
		verbSimWay:   {press: (*call).simulateWay},

		verbPendingPage:  {press: (*call).pendingPage},
		verbRest:         {press: (*call).rest},
		verbCatalog:      {press: (*call).showCatalog},
		verbCatalogEdit:  {press: (*call).editCatalog, form: (*call).catalogForm},
		verbCatalogDrop:  {press: (*call).dropCatalog},
		verbThing:        {form: (*call).thingForm},
		verbResource:     {press: (*call).showResource},
		verbResourceNew:  {form: (*call).newResourceForm},
		verbResourceEdit: {press: (*call).editResource, form: (*call).resourceForm},
		verbResourceDrop: {press: (*call).dropResource},
		verbRole:         {press: (*call).editRole, form: (*call).roleForm},
		verbRoleDrop:     {press: (*call).dropRole},

		verbPendingFilter: {form: (*call).filterForm},

		verbPolicies:   {press: (*call).showPolicies},
		verbPolicy:     {press: atPolicy((*call).onePolicy)},
		verbPolicyNew:  {work: true, form: (*call).newPolicyForm},
		verbPolicyName: {work: true, form: (*call).policyNameForm},
		verbPolicyDrop: {press: atPolicy((*call).dropPolicy)},
		verbQuestion:   {work: true, form: (*call).questionForm},

		verbReport: {form: (*call).reportForm},
		verbWhy:    {form: (*call).whyForm},

		verbBulk:       {form: (*call).bulkForm},
		verbBulkGoOn:   {press: (*call).goOnBulk},
		verbBulkChange: {press: (*call).changeBulk},
		verbBulkFile:   {press: (*call).bulkFile},

		verbDefine: {press: (*call).define},
		verbOnTop:  {press: (*call).onTop},
		verbBack:   {press: (*call).goBack},
		verbWhich:  {press: (*call).goOnWith},

		verbSettings:     {press: (*call).showSettings},
		verbSettingsEdit: {press: (*call).editSettings, form: (*call).settingsForm},
		verbEvent:        {press: (*call).showEvent},

		verbLinkTyped:   {linking: true, press: (*call).linkTyped},
		verbLinkConfirm: {linking: true, press: (*call).linkConfirm},
		verbLinkNotMe:   {linking: true, press: (*call).linkNotMe},
	}
}
