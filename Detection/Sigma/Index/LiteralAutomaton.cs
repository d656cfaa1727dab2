namespace Picket.Detection.Sigma.Index;

/// <summary>
/// All literals of one field in one automaton (Aho and Corasick): a value is read once, whatever the number of rules. Bytes
/// that no literal has share one class, which keeps the table small.
/// </summary>
internal sealed class LiteralAutomaton
{
    private const int HasHits = int.MinValue;

    private readonly byte[] _classOf;
    private readonly int _classes;
    private readonly int[] _next;
    private readonly int[] _hitState;
    private readonly int[] _hitLink;
    private readonly int[] _firstHit;
    private readonly Hit[] _hits;
    private readonly int[] _rulesOfEmpty;
    private readonly int _shortest;

    private LiteralAutomaton(
        byte[] classOf, int classes, int[] next, int[] hitState, int[] hitLink, int[] firstHit, Hit[] hits, int[] rulesOfEmpty)
    {
        _classOf = classOf;
        _classes = classes;
        _next = next;
        _hitState = hitState;
        _hitLink = hitLink;
        _firstHit = firstHit;
        _hits = hits;
        _rulesOfEmpty = rulesOfEmpty;
        _shortest = hits.Length == 0 ? int.MaxValue : hits.Min(hit => hit.Length);
    }

    /// <summary>Marks in <paramref name="candidates"/> each rule that has a literal in <paramref name="text"/>, which is folded.</summary>
    public void Scan(ReadOnlySpan<byte> text, Span<ulong> candidates) // hot
    {
        if (text.IsEmpty)
        {
            foreach (var rule in _rulesOfEmpty) Mark(candidates, rule);
            return;
        }

        if (text.Length < _shortest) return;
        var next = _next;
        var classOf = _classOf;
        var state = 0;
        for (var i = 0; i < text.Length; i++)
        {
            state = next[(state & ~HasHits) + classOf[text[i]]];
            if (state < 0) Report((state & ~HasHits) / _classes, i, text.Length, candidates);
        }
    }

    private void Report(int state, int at, int length, Span<ulong> candidates) // hot
    {
        for (var hitState = _hitState[state]; hitState >= 0; hitState = _hitLink[hitState])
        {
            for (var i = _firstHit[hitState]; i < _firstHit[hitState + 1]; i++)
            {
                ref readonly var hit = ref _hits[i];
                if ((!hit.AtStart || hit.Length == at + 1) && (!hit.AtEnd || at + 1 == length)) Mark(candidates, hit.Rule);
            }
        }
    }

    private static void Mark(Span<ulong> candidates, int rule) => candidates[rule >> 6] |= 1UL << (rule & 63); // hot

    private readonly record struct Hit(int Length, bool AtStart, bool AtEnd, int Rule);

    /// <summary>Collects literals, then builds.</summary>
    internal sealed class Builder
    {
        private readonly List<(byte[] Bytes, Hit Hit)> _literals = [];
        private readonly List<int> _rulesOfEmpty = [];

        public void Add(IndexLiteral literal, int rule)
        {
            var (bytes, atStart, atEnd) = literal.Literal;
            if (bytes.Length == 0) _rulesOfEmpty.Add(rule);
            else _literals.Add((bytes, new Hit(bytes.Length, atStart, atEnd, rule)));
        }

        public LiteralAutomaton Build()
        {
            var classOf = Classes(out var classes);
            var goTo = new List<int[]> { NewState(classes) };
            var hitsOf = new List<List<Hit>> { new() };
            foreach (var (bytes, hit) in _literals)
            {
                var state = 0;
                foreach (var value in bytes)
                {
                    ref var target = ref goTo[state][classOf[value]];
                    if (target < 0)
                    {
                        target = goTo.Count;
                        goTo.Add(NewState(classes));
                        hitsOf.Add([]);
                    }

                    state = target;
                }

                if (!hitsOf[state].Contains(hit)) hitsOf[state].Add(hit);
            }

            return Finish(classOf, classes, goTo, hitsOf);
        }

        /// <summary>Breadth first, so that a state's failure link is complete before the state is.</summary>
        private LiteralAutomaton Finish(byte[] classOf, int classes, List<int[]> goTo, List<List<Hit>> hitsOf)
        {
            var states = goTo.Count;
            var failure = new int[states];
            var hitState = new int[states];
            var hitLink = new int[states];
            var order = new Queue<int>();
            order.Enqueue(0);
            hitState[0] = hitLink[0] = -1;
            while (order.TryDequeue(out var state))
            {
                for (var c = 0; c < classes; c++)
                {
                    var target = goTo[state][c];
                    var fallback = state == 0 ? 0 : goTo[failure[state]][c];
                    if (target < 0)
                    {
                        goTo[state][c] = fallback;
                        continue;
                    }

                    failure[target] = fallback;
                    hitLink[target] = hitState[fallback];
                    hitState[target] = hitsOf[target].Count > 0 ? target : hitLink[target];
                    order.Enqueue(target);
                }
            }

            var next = new int[states * classes];
            var firstHit = new int[states + 1];
            var hits = new List<Hit>();
            for (var state = 0; state < states; state++)
            {
                firstHit[state] = hits.Count;
                hits.AddRange(hitsOf[state]);
                for (var c = 0; c < classes; c++)
                {
                    var target = goTo[state][c];
                    next[(state * classes) + c] = (target * classes) | (hitState[target] >= 0 ? HasHits : 0);
                }
            }

            firstHit[states] = hits.Count;
            return new LiteralAutomaton(classOf, classes, next, hitState, hitLink, firstHit, [.. hits], [.. _rulesOfEmpty]);
        }

        private byte[] Classes(out int classes)
        {
            var used = new bool[256];
            foreach (var (bytes, _) in _literals)
            {
                foreach (var value in bytes) used[value] = true;
            }

            var classOf = new byte[256];
            classes = 1;
            for (var value = 0; value < 256; value++)
            {
                if (used[value]) classOf[value] = (byte)classes++;
            }

            // With every byte in use there is no class of others, and the counter has gone one too far to fit.
            if (classes == 257)
            {
                for (var value = 0; value < 256; value++) classOf[value] = (byte)value;
                classes = 256;
            }

            return classOf;
        }

        private static int[] NewState(int classes)
        {
            var state = new int[classes];
            Array.Fill(state, -1);
            return state;
        }
    }
}
