using Picket.Detection.Sigma.Ast;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>temporal with an expression over the rules that are there.</summary>
/// <param name="criteria">Of no account here.</param>
/// <param name="expression">The expression.</param>
/// <param name="names">The rules' names in it, in the order of their numbers.</param>
internal sealed class ExpressionTally(Criteria criteria, ConditionNode expression, IReadOnlyList<string> names)
    : SourceTally(criteria, names.Count)
{
    private readonly Node _root = Node.Of(expression, names);

    public override bool Holds(int group, int count, long after) => _root.Holds(CountersOf(group)); // hot

    /// <summary>The expression with the rules' numbers, so that asking it looks no name up and makes nothing.</summary>
    private sealed class Node
    {
        private readonly Node[] _parts;
        private readonly int _needed;
        private readonly int _source;
        private readonly bool _negated;

        private Node(Node[] parts, int needed, int source, bool negated) =>
            (_parts, _needed, _source, _negated) = (parts, needed, source, negated);

        public static Node Of(ConditionNode node, IReadOnlyList<string> names) => node switch
        {
            ConditionNode.And and => Some(and.Parts.Select(part => Of(part, names)), and.Parts.Count),
            ConditionNode.Or or => Some(or.Parts.Select(part => Of(part, names)), 1),
            ConditionNode.Not not => new Node([Of(not.Part, names)], 1, 0, true),
            ConditionNode.AtLeast some => Some(some.Selections.Select(name => Leaf(name, names)), some.Count),
            ConditionNode.SelectionName name => Leaf(name.Selection, names),
            _ => throw new ArgumentOutOfRangeException(nameof(node)),
        };

        public bool Holds(ReadOnlySpan<int> counters) // hot
        {
            if (_parts.Length == 0) return counters[_source] > 0;
            var holding = 0;
            foreach (var part in _parts)
            {
                if (part.Holds(counters)) holding++;
            }

            return holding >= _needed != _negated;
        }

        private static Node Some(IEnumerable<Node> parts, int needed) => new([.. parts], needed, 0, false);

        private static Node Leaf(string name, IReadOnlyList<string> names)
        {
            var source = 0;
            while (names[source] != name) source++;
            return new Node([], 0, source, false);
        }
    }
}
