package discordfake

import (
	"fmt"
	"slices"
)

// Component types (Component Reference, "Component Types").
const (
	actionRow         = 1
	button            = 2
	stringSelect      = 3
	textInput         = 4
	userSelect        = 5
	roleSelect        = 6
	mentionableSelect = 7
	channelSelect     = 8
	section           = 9
	textDisplay       = 10
	thumbnail         = 11
	mediaGallery      = 12
	file              = 13
	separator         = 14
	container         = 17
	label             = 18
	fileUpload        = 19
	radioGroup        = 21
	checkboxGroup     = 22
	checkbox          = 23
)

// Limits of messages (Component Reference; Message, "Create Message").
const (
	maxComponents = 40
	maxV2Text     = 4000
	maxRows       = 5
)

// checkComponents looks at the components of a message.
func (c *checker) checkComponents(v any, path string) {
	most := maxRows
	if c.v2 {
		most = maxComponents
	}
	list(0, most, func(c *checker, v any, path string) { c.component(v, path, c.topLevel()...) })(c, v, path)
	if c.count > maxComponents {
		c.wrong(path, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The maximum number of total components (%d) was exceeded", maxComponents)
	}
	if c.text > maxV2Text {
		c.wrong(path, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The total text of all components must be %d or fewer in length.", maxV2Text)
	}
}

func (c *checker) topLevel() []int {
	if c.v2 {
		return []int{actionRow, section, textDisplay, mediaGallery, file, separator, container}
	}
	return []int{actionRow}
}

// component looks at one component, which must be of one of these types.
func (c *checker) component(v any, path string, may ...int) {
	kind := kindOf(v)
	if !slices.Contains(may, kind) {
		c.wrong(path+"/type", "UNION_TYPE_CHOICES", "Value of field %q must be one of %v.", "type", may)
		return
	}
	c.count++
	c.identify(nested(v), path)
	shapeOf(kind).check(c, v, path)
}

// identify checks the optional id, which is unique in a message (Component
// Reference, "Anatomy of a Component"); 0 counts as absent.
func (c *checker) identify(o object, path string) {
	n, ok := whole(o["id"])
	switch {
	case o["id"] == nil || ok && n == 0:
	case !ok || n < 0 || n > 1<<31-1:
		c.wrong(path+"/id", "NUMBER_TYPE_COERCE", "Value %q is not int.", fmt.Sprint(o["id"]))
	case c.ids[n]:
		c.wrong(path+"/id", "COMPONENT_DUPLICATED_ID", "Component id cannot be duplicated")
	default:
		c.ids[n] = true
	}
}

// customID is 1 to 100 characters, unique in its message or modal.
func customID(c *checker, v any, path string) {
	words(1, 100)(c, v, path)
	id := text(v)
	if c.customIDs[id] {
		c.wrong(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	c.customIDs[id] = true
}

// shapeOf are the fields of a component in a message.
func shapeOf(kind int) shape {
	switch kind {
	case actionRow:
		return shape{must: []string{"components"}, fields: map[string]check{"id": ignored, "components": rowChildren}}
	case button:
		return buttonShape()
	case section:
		return shape{must: []string{"components", "accessory"}, fields: map[string]check{
			"id": ignored,
			"components": list(1, 3, func(c *checker, v any, path string) {
				c.component(v, path, textDisplay)
			}),
			"accessory": func(c *checker, v any, path string) { c.component(v, path, button, thumbnail) },
		}}
	case textDisplay:
		return shape{must: []string{"content"}, fields: map[string]check{"id": ignored, "content": func(c *checker, v any, path string) {
			words(1, maxV2Text)(c, v, path)
			c.text += length(text(v))
		}}}
	case container:
		return shape{must: []string{"components"}, fields: map[string]check{
			"id": ignored, "accent_color": number(0, 0xFFFFFF), "spoiler": truth,
			"components": list(1, maxComponents, func(c *checker, v any, path string) {
				c.component(v, path, actionRow, textDisplay, section, mediaGallery, separator, file)
			}),
		}}
	case separator:
		return shape{fields: map[string]check{"id": ignored, "divider": truth, "spacing": oneOf(1, 2)}}
	case thumbnail, mediaGallery, file:
		return mediaShape(kind)
	}
	return selectShape(kind, false)
}

func mediaShape(kind int) shape {
	media := shape{must: []string{"url"}, fields: map[string]check{"url": words(1, 2048)}}.check
	item := map[string]check{"media": media, "description": atMost(1024), "spoiler": truth}
	switch kind {
	case thumbnail:
		item["id"] = ignored
		return shape{must: []string{"media"}, fields: item}
	case mediaGallery:
		return shape{must: []string{"items"}, fields: map[string]check{
			"id": ignored, "items": list(1, 10, shape{must: []string{"media"}, fields: item}.check),
		}}
	}
	return shape{must: []string{"file"}, fields: map[string]check{"id": ignored, "file": media, "spoiler": truth, "name": ignored, "size": ignored}}
}

// rowChildren are up to five buttons or one select.
func rowChildren(c *checker, v any, path string) {
	children := items(v)
	list(1, 5, func(c *checker, v any, path string) {
		c.component(v, path, button, stringSelect, userSelect, roleSelect, mentionableSelect, channelSelect)
	})(c, v, path)
	if len(children) < 2 {
		return
	}
	for _, child := range children {
		if kindOf(child) != button {
			c.wrong(path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
			return
		}
	}
}

// Button styles.
const (
	stylePrimary = 1
	styleLink    = 5
	stylePremium = 6
)

func buttonShape() shape {
	return shape{must: []string{"style"}, fields: map[string]check{
		"id": ignored, "style": number(stylePrimary, stylePremium), "label": words(1, 80), "emoji": emoji, "custom_id": customID,
		"url": link, "sku_id": aSnowflake, "disabled": truth,
	}, also: buttonFields}
}

// buttonFields are the fields that each style must and must not have.
func buttonFields(c *checker, o object, path string) {
	must, never := "custom_id", []string{"url", "sku_id"}
	switch intOf(o["style"], 0) {
	case styleLink:
		must, never = "url", []string{"custom_id", "sku_id"}
	case stylePremium:
		must, never = "sku_id", []string{"custom_id", "label", "url", "emoji"}
	}
	if o[must] == nil {
		c.required(path + "/" + must)
	}
	for _, name := range never {
		if o[name] != nil {
			c.wrong(path+"/"+name, "BUTTON_COMPONENT_INVALID_FIELD", "A button of this style cannot have %s", name)
		}
	}
	if must != "sku_id" && o["label"] == nil && o["emoji"] == nil {
		c.wrong(path, "BUTTON_COMPONENT_LABEL_REQUIRED", "A button must have a label or an emoji")
	}
}

func emoji(c *checker, v any, path string) {
	shape{fields: map[string]check{"id": aSnowflake, "name": words(1, 100), "animated": truth}}.check(c, v, path)
}

// selectShape are the fields of a select (Component Reference, "String Select"
// to "Channel Select").
func selectShape(kind int, inModal bool) shape {
	s := shape{must: []string{"custom_id"}, fields: map[string]check{
		"id": ignored, "custom_id": customID, "placeholder": atMost(150), "min_values": number(0, 25), "max_values": number(1, 25), "disabled": truth,
		"required": truth,
	}}
	if kind == stringSelect {
		s.must = append(s.must, "options")
		s.fields["options"] = list(1, 25, option(true))
	} else {
		s.fields["default_values"] = list(0, 25, defaultValue(kind))
	}
	if kind == channelSelect {
		s.fields["channel_types"] = list(0, 20, number(0, 16))
	}
	s.also = func(c *checker, o object, path string) { selectCounts(c, o, path, inModal) }
	return s
}

func option(withEmoji bool) check {
	s := shape{must: []string{"label", "value"}, fields: map[string]check{
		"label": words(1, 100), "value": words(1, 100), "description": atMost(100), "default": truth,
	}}
	if withEmoji {
		s.fields["emoji"] = emoji
	}
	return s.check
}

func defaultValue(kind int) check {
	kinds := map[int][]string{
		userSelect: {"user"}, roleSelect: {"role"}, mentionableSelect: {"user", "role"}, channelSelect: {"channel"},
	}[kind]
	return shape{must: []string{"id", "type"}, fields: map[string]check{"id": aSnowflake, "type": oneWord(kinds...)}}.check
}

// selectCounts holds min_values, max_values, options and defaults against each
// other, values must be unique, and modals have no disabled selects.
func selectCounts(c *checker, o object, path string, inModal bool) {
	least, most := intOf(o["min_values"], 1), intOf(o["max_values"], 1)
	options := items(o["options"])
	if least > most {
		c.wrong(path+"/min_values", "SELECT_COMPONENT_MIN_VALUES_INVALID", "min_values must be less than or equal to max_values")
	}
	if o["options"] != nil && most > len(options) {
		c.wrong(path+"/max_values", "SELECT_COMPONENT_MAX_VALUES_INVALID", "max_values must be less than or equal to the number of options")
	}
	if o["options"] != nil && least > len(options) {
		c.wrong(path+"/options", "SELECT_COMPONENT_INVALID_OPTIONS", "There are fewer options than min_values")
	}
	uniqueOptions(c, options, path+"/options")
	if n := defaults(options); n > most {
		c.wrong(path+"/options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_OPTIONS", "Select menu has %d default options, maximum is %d", n, most)
	}
	if n := len(items(o["default_values"])); n > most || n > 0 && n < least {
		c.wrong(path+"/default_values", "SELECT_COMPONENT_INVALID_DEFAULT_VALUES", "The number of default values must be between min_values and max_values")
	}
	if !inModal {
		return
	}
	if o["disabled"] != nil {
		c.wrong(path+"/disabled", "COMPONENT_DISABLED_IN_MODAL", "Modals cannot have disabled components")
	}
	needsOne(c, o, path)
}

// needsOne: min_values is left out or at least 1 unless required is false.
func needsOne(c *checker, o object, path string) {
	if o["required"] != false && o["min_values"] != nil && intOf(o["min_values"], 1) == 0 {
		c.wrong(path+"/min_values", "SELECT_COMPONENT_MIN_VALUES_REQUIRED", "min_values must be at least 1 if the component is required")
	}
}

func uniqueOptions(c *checker, options []any, path string) {
	seen := map[string]bool{}
	for i, v := range options {
		value := text(nested(v)["value"])
		if seen[value] {
			c.wrong(fmt.Sprintf("%s/%d/value", path, i), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[value] = true
	}
}

func defaults(options []any) int {
	n := 0
	for _, v := range options {
		if nested(v)["default"] == true {
			n++
		}
	}
	return n
}
