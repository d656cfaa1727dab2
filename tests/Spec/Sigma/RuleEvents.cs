using System.Globalization;
using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Scan;

namespace Picket.Spec.Sigma;

/// <summary>
/// Makes events from a rule's condition: which selections must hold and which must not, then for each item a value that the
/// rule asks for. Variation <c>k</c> takes the k-th alternative and value wherever there is a choice. A near miss spoils one needed item.
/// </summary>
internal sealed class RuleEvents
{
    private static readonly byte[] Other = "\u0002none"u8.ToArray();

    private readonly RuleSyntax _rule;
    private readonly int _variation;
    private readonly int _spoiled;
    private readonly List<(string Field, byte[] Value)> _values = [];
    private readonly List<(string Field, ScanPattern Pattern)> _patterns = [];
    private int _items;

    private RuleEvents(RuleSyntax rule, int variation, int spoiled)
    {
        _rule = rule;
        _variation = variation;
        _spoiled = spoiled;
        Solve(rule.Condition, true);
    }

    /// <summary>The event of a variation, and how many items it needs.</summary>
    public static (List<(string Field, byte[] Value)> Values, int Items) Firing(RuleSyntax rule, int variation)
    {
        var events = new RuleEvents(rule, variation, -1);
        return (events._values, events._items);
    }

    /// <summary>The same event with the needed item number <paramref name="spoiled"/> made wrong.</summary>
    public static List<(string Field, byte[] Value)> NearMiss(RuleSyntax rule, int variation, int spoiled) => new RuleEvents(rule, variation, spoiled)._values;

    /// <summary>What each field of the event of a variation must look like; keywords are under the empty name.</summary>
    public static IReadOnlyList<(string Field, ScanPattern Pattern)> Patterns(RuleSyntax rule, int variation) => new RuleEvents(rule, variation, -1)._patterns;

    public static EventBatch Batch(List<(string Field, byte[] Value)> values)
    {
        var batch = SigmaEvents.Batch(1);
        batch.Add(EventKind.Unknown);
        foreach (var (field, value) in values) batch.AddText(field.Length == 0 ? FieldId.Unnamed : FieldTable.Intern(field), value);
        return batch;
    }

    private void Solve(ConditionNode node, bool wanted)
    {
        switch (node)
        {
            case ConditionNode.Not not:
                Solve(not.Part, !wanted);
                break;

            case ConditionNode.And all when wanted:
                foreach (var part in all.Parts) Solve(part, true);
                break;

            case ConditionNode.And all:
                Solve(all.Parts[_variation % all.Parts.Count], false);
                break;

            case ConditionNode.Or any when wanted:
                Solve(any.Parts[_variation % any.Parts.Count], true);
                break;

            case ConditionNode.Or any:
                foreach (var part in any.Parts) Solve(part, false);
                break;

            case ConditionNode.SelectionName named:
                Select(named.Selection, wanted);
                break;

            case ConditionNode.AtLeast some:
                for (var i = 0; i < some.Selections.Count; i++)
                {
                    var needed = wanted ? i < some.Count : true;
                    if (needed) Select(some.Selections[(i + _variation) % some.Selections.Count], wanted);
                }

                break;
        }
    }

    private void Select(string name, bool wanted)
    {
        var selection = _rule.Selections.Single(candidate => candidate.Name == name);
        if (wanted)
        {
            foreach (var item in selection.Alternatives[_variation % selection.Alternatives.Count].Items) Need(item);
            return;
        }

        // Absent fields make most selections false; what absence would make true gets a value.
        foreach (var group in selection.Alternatives)
        {
            var item = group.Items.FirstOrDefault(HoldsWhenAbsent);
            if (item is not null && group.Items.All(HoldsWhenAbsent)) _values.Add((item.Field!, Other));
        }
    }

    private static bool HoldsWhenAbsent(DetectionItem item) =>
        item.Modifiers.Contains(Modifier.Neq) || item.Values.Any(value => value.Kind == RuleValueKind.Null)
        || (item.Modifiers.Contains(Modifier.Exists) && item.Values[0].Text == "false");

    private void Need(DetectionItem item)
    {
        var spoil = _items++ == _spoiled;
        if (HoldsWhenAbsent(item))
        {
            if (spoil) _values.Add((item.Field ?? "", item.Modifiers.Contains(Modifier.Neq) ? Sample(item, item.Values[0], false) : Other));
            return;
        }

        var wanted = item.Modifiers.Contains(Modifier.All) ? item.Values : [item.Values[_variation % item.Values.Count]];
        for (var i = 0; i < wanted.Count; i++)
        {
            var last = i == wanted.Count - 1;
            if (item.Modifiers.Contains(Modifier.FieldRef))
            {
                _values.Add((item.Field!, "same"u8.ToArray()));
                _values.Add((wanted[i].Text, spoil ? Other : "SAME"u8.ToArray()));
            }
            else if (!(spoil && item.Modifiers.Contains(Modifier.Exists)))
            {
                _values.Add((item.Field ?? "", Sample(item, wanted[i], spoil && last)));
            }
        }
    }

    private byte[] Sample(DetectionItem item, RuleValue value, bool spoil)
    {
        var modifiers = item.Modifiers;
        if (modifiers.Contains(Modifier.Re))
        {
            var sample = RegexSample.Of(value.Text) ?? throw new NotSupportedException(value.Text);
            (char, string)[] before = value.Text.StartsWith('^') ? [] : [(ScanPattern.Run, "")], after = value.Text.EndsWith('$') ? [] : [(ScanPattern.Run, "")];
            _patterns.Add((item.Field ?? "", new ScanPattern([.. before, (ScanPattern.Literal, ScanText.FromText(sample)), .. after])));
            return spoil ? Other : Encoding.UTF8.GetBytes(sample);
        }

        if (modifiers.Contains(Modifier.Cidr)) return spoil ? Other : Encoding.UTF8.GetBytes(value.Text.Split('/')[0]);
        if (modifiers.Contains(Modifier.Exists)) return Other;
        if (modifiers.Any(modifier => modifier is >= Modifier.Minute and <= Modifier.Year)) throw new NotSupportedException("dates");
        if (modifiers.Any(modifier => modifier is >= Modifier.Lt and <= Modifier.Gte))
        {
            var number = decimal.Parse(value.Text, CultureInfo.InvariantCulture);
            var above = modifiers.Contains(Modifier.Gt) || modifiers.Contains(Modifier.Gte);
            return Encoding.UTF8.GetBytes((above != spoil ? number + 1 : number - 1).ToString(CultureInfo.InvariantCulture));
        }

        IEnumerable<ScanPattern> patterns = [value.Kind == RuleValueKind.Text ? ScanPattern.Parse(value.Text) : ScanPattern.Plain(value.Text)];
        foreach (var modifier in modifiers) patterns = patterns.SelectMany(pattern => ScanModifiers.Apply(modifier, pattern, _rule.Placeholders));
        var choices = patterns.ToList();
        var choice = choices[_variation % choices.Count];
        IEnumerable<(char, string)> around = item.Field is null ? [(ScanPattern.Run, "")] : [];
        _patterns.Add((item.Field ?? "", new ScanPattern([.. around, .. choice.Tokens, .. around])));
        return Write(choice, spoil);
    }

    private byte[] Write(ScanPattern pattern, bool spoil)
    {
        var bytes = new List<byte>();
        var longest = pattern.Tokens.Select((token, index) => (token.Bytes.Length, index)).Max().index;
        for (var i = 0; i < pattern.Tokens.Count; i++)
        {
            var (kind, text) = pattern.Tokens[i];
            if (kind == ScanPattern.Run) bytes.AddRange(_variation % 2 == 0 ? ""u8.ToArray() : "x y"u8.ToArray());
            else if (kind == ScanPattern.One) bytes.AddRange("é"u8.ToArray());
            else if (spoil && i == longest) bytes.AddRange(Spoil(Encoding.Latin1.GetBytes(text)));
            else bytes.AddRange(Encoding.Latin1.GetBytes(_variation % 3 == 1 && !NeedsCase(text) ? text.ToUpperInvariant() : text));
        }

        return [.. bytes];
    }

    /// <summary>Latin1 text that is more than ASCII is bytes of something else, whose case cannot be turned so.</summary>
    private static bool NeedsCase(string text) => text.Any(c => c > 0x7F);

    private static byte[] Spoil(byte[] literal)
    {
        if (literal.Length == 0) return "\u0003"u8.ToArray();
        literal[literal.Length / 2] = 3;
        return literal;
    }
}
