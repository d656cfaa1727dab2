using System.Runtime.InteropServices;

namespace Picket.Detection.Sigma.Literals;

/// <summary>Four bytes in a row: what a literal hangs on.</summary>
internal static class Grams
{
    /// <summary>Bytes of a gram.</summary>
    public const int Length = 4;

    /// <summary>The gram at a place of a text.</summary>
    public static uint At(ReadOnlySpan<byte> text, int at) => MemoryMarshal.Read<uint>(text[at..]); // hot

    /// <summary>
    /// The gram of each literal that is met least. Literals resemble the texts that they are looked for in: what is rare among them is
    /// taken to be rare there, and a letter to be more frequent than a digit or a sign.
    /// </summary>
    /// <param name="literals">Each with its number; none is shorter than a gram.</param>
    public static List<(uint Key, KeyedLiteral Literal)> Rarest(IReadOnlyList<(int Number, byte[] Bytes)> literals)
    {
        var frequency = new Dictionary<uint, int>();
        foreach (var (_, bytes) in literals)
        {
            for (var i = 0; i <= bytes.Length - Length; i++)
                CollectionsMarshal.GetValueRefOrAddDefault(frequency, At(bytes, i), out _)++;
        }

        var keyed = new List<(uint, KeyedLiteral)>(literals.Count);
        foreach (var (number, bytes) in literals)
        {
            var best = 0;
            var least = int.MaxValue;
            for (var i = 0; i <= bytes.Length - Length; i++)
            {
                var worth = frequency[At(bytes, i)] * 16;
                for (var j = i; j < i + Length; j++) worth += Commonness(bytes[j]);
                if (worth >= least) continue;
                (best, least) = (i, worth);
            }

            keyed.Add((At(bytes, best), new KeyedLiteral(number, best, bytes)));
        }

        return keyed;
    }

    /// <summary>How often a byte is met in command lines and paths, roughly: 0 hardly ever, 5 all the time.</summary>
    private static int Commonness(byte value) => (char)value switch
    {
        'e' or 's' or 'i' or 'o' or 'n' or 't' or 'r' or 'a' => 5,
        '\\' or ' ' or '.' or 'c' or 'd' or 'l' or 'm' or 'w' or '3' or '2' => 4,
        >= 'a' and <= 'z' and not ('q' or 'j' or 'z' or 'x') => 3,
        '/' or '-' or '"' or '0' or ':' => 3,
        >= '0' and <= '9' => 2,
        _ => 1,
    };
}
