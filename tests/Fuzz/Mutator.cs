namespace Picket.Fuzz;

/// <summary>Makes inputs out of inputs. What it makes depends on nothing but the random numbers it is given.</summary>
internal sealed class Mutator(Random random, Vocabulary vocabulary)
{
    /// <summary>No input grows beyond this many bytes.</summary>
    public const int MaxLength = 4_096;

    private readonly List<byte> _bytes = [];

    /// <summary>A changed copy of <paramref name="input"/>, with parts of <paramref name="other"/> at times.</summary>
    public byte[] Mutate(byte[] input, byte[] other)
    {
        _bytes.Clear();
        _bytes.AddRange(input);
        for (var i = 1 << random.Next(4); i > 0; i--) MutateOnce(other);
        if (_bytes.Count > MaxLength) _bytes.RemoveRange(MaxLength, _bytes.Count - MaxLength);
        return [.. _bytes];
    }

    private void MutateOnce(byte[] other)
    {
        var at = random.Next(_bytes.Count + 1);
        switch (random.Next(11))
        {
            case 0 when at < _bytes.Count:
                _bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < _bytes.Count:
                _bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                _bytes.RemoveRange(at, Span(_bytes.Count - at));
                break;
            case 3:
                _bytes.InsertRange(at, _bytes.GetRange(at, Span(_bytes.Count - at)));
                break;
            case 4:
                var from = random.Next(other.Length + 1);
                _bytes.InsertRange(at, other.AsSpan(from, Span(other.Length - from)));
                break;
            case 5:
                _bytes.RemoveRange(at, _bytes.Count - at);
                _bytes.AddRange(other.AsSpan(random.Next(other.Length + 1)));
                break;
            case 6:
                Wrap(at);
                break;
            case 7:
                Move(at);
                break;
            case 8:
                var token = Token();
                _bytes.RemoveRange(at, Math.Min(token.Length, _bytes.Count - at));
                _bytes.InsertRange(at, token);
                break;
            default:
                _bytes.InsertRange(at, Token());
                break;
        }
    }

    private byte[] Token() => vocabulary.Tokens[random.Next(vocabulary.Tokens.Length)];

    // Short spans are far likelier than long ones.
    private int Span(int max) => max == 0 ? 0 : random.Next(Math.Min(max, 1 << random.Next(1, 9)) + 1);

    private void Wrap(int at)
    {
        var (open, close) = vocabulary.Pairs[random.Next(vocabulary.Pairs.Length)];
        var end = at + Span(_bytes.Count - at);
        if (random.Next(2) == 0) (at, end) = (LineStart(at), LineEnd(end));
        _bytes.InsertRange(end, close);
        _bytes.InsertRange(at, open);
    }

    private int LineStart(int at) => at == 0 ? 0 : _bytes.LastIndexOf((byte)'\n', at - 1) + 1;

    private int LineEnd(int at) => _bytes.IndexOf((byte)'\n', at) is >= 0 and var end ? end : _bytes.Count;

    private void Move(int at)
    {
        var part = _bytes.GetRange(at, Span(_bytes.Count - at));
        _bytes.RemoveRange(at, part.Count);
        _bytes.InsertRange(random.Next(_bytes.Count + 1), part);
    }
}
