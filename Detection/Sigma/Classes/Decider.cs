using System.Numerics;
using Picket.Detection.Sigma.Index;
using Picket.Detection.Sigma.Literals;

namespace Picket.Detection.Sigma.Classes;

/// <summary>
/// Which rules of a route match an event whose values are of given classes, and which must be asked because the classes do not say. Belongs
/// to one engine.
/// </summary>
/// <param name="network">The rules.</param>
internal sealed class Decider(RuleNetwork network)
{
    private readonly NumberSet _marks = new();
    private readonly ulong[] _candidates = new ulong[(network.Programs.Length + 63) / 64];
    private readonly int[] _rules = new int[network.Programs.Length];

    /// <summary>The decision for the event that <paramref name="classifier"/> has classified.</summary>
    public Decision Decide(PlanState state, Classifier classifier) // hot
    {
        ReadOnlySpan<int> classes = state.Classes;
        return state.Decisions.TryFind(classes, out var hash, out var decision) ? decision : Judge(state, classifier, hash);
    }

    private Decision Judge(PlanState state, Classifier classifier, ulong hash) // hot
    {
        var plan = state.Plan;
        var candidates = _candidates.AsSpan();
        plan.Always.CopyTo(candidates);
        _marks.Begin(network.Atoms.Length);
        foreach (var number in state.Classes)
        {
            if (number == ClassTable.Unmarked) continue;
            foreach (var atom in classifier.MarksOf(number)) _marks.Add(atom);
            foreach (var rule in classifier.RulesOf(number)) candidates[rule >> 6] |= 1UL << (rule & 63);
        }

        int found = 0, offered = 0;
        var allowed = plan.Offered;
        for (var word = 0; word < candidates.Length; word++)
        {
            for (var bits = candidates[word] & allowed[word]; bits != 0; bits &= bits - 1)
            {
                var rule = (word << 6) + BitOperations.TrailingZeroCount(bits);
                offered++;
                var judgement = network.Programs[rule].Judge(_marks, network.Meanings);
                if (judgement != Judgement.No) _rules[found++] = (rule << 1) | (judgement == Judgement.Open ? 1 : 0);
            }
        }

        return state.Decisions.Add(state.Classes, hash, _rules.AsSpan(0, found), offered);
    }
}
