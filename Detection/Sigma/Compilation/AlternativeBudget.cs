using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Compilation;

/// <summary>
/// Counts the strings that <c>windash</c> and <c>expand</c> make of the values of a set's rules, before any is made: a few bytes of a rule
/// can stand for more than a host's memory holds.
/// </summary>
internal sealed class AlternativeBudget
{
    /// <summary>Strings that the values of one rule may stand for.</summary>
    public const int OfRule = 65_536;

    /// <summary>Strings that the values of all rules of a set may stand for: some 250 MB of memory.</summary>
    public const int OfSet = 262_144;

    private long _ofSet;

    /// <summary>Takes what a rule in all its forms needs. A rule that is refused takes nothing.</summary>
    /// <exception cref="RuleException">Its values stand for more than a rule may, or than is left for the set.</exception>
    public void Take(IEnumerable<RuleSyntax> forms)
    {
        var ofRule = 0L;
        foreach (var form in forms)
        {
            foreach (var item in form.Selections.SelectMany(selection => selection.Alternatives).SelectMany(group => group.Items))
            {
                if (!item.Has(Modifier.WinDash) && !item.Has(Modifier.Expand)) continue;
                foreach (var value in item.Values)
                {
                    ofRule += Transforms.AlternativesOf(item, value, form.Placeholders);
                    if (ofRule > OfRule)
                        throw new RuleException(value.At, SigmaCodes.Limit, $"the rule's values stand for more than {OfRule} strings");
                    if (_ofSet + ofRule > OfSet)
                        throw new RuleException(value.At, SigmaCodes.Limit, $"the set's values stand for more than {OfSet} strings");
                }
            }
        }

        _ofSet += ofRule;
    }
}
