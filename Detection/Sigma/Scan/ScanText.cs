using System.Buffers;
using System.Text;

namespace Picket.Detection.Sigma.Scan;

/// <summary>
/// Byte strings: each character is one byte. So strings that are not UTF-8 stay whole, and UTF-8 compares as its bytes do.
/// </summary>
internal static class ScanText
{
    public static string FromBytes(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static string FromText(string text) => FromBytes(Encoding.UTF8.GetBytes(text));

    public static string ToText(string bytes) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));

    /// <summary>Characters, each as its bytes; a byte that belongs to no character stands alone.</summary>
    public static List<string> Characters(string bytes)
    {
        var characters = new List<string>();
        var rest = Encoding.Latin1.GetBytes(bytes).AsSpan();
        while (rest.Length > 0)
        {
            var length = Rune.DecodeFromUtf8(rest, out _, out var used) == OperationStatus.Done ? used : 1;
            characters.Add(FromBytes(rest[..length]));
            rest = rest[length..];
        }

        return characters;
    }

    public static string Fold(string bytes)
    {
        var folded = new StringBuilder();
        foreach (var character in Characters(bytes)) folded.Append(FoldCharacter(character));
        return folded.ToString();
    }

    private static string FoldCharacter(string character)
    {
        var bytes = Encoding.Latin1.GetBytes(character);
        if (Rune.DecodeFromUtf8(bytes, out var rune, out _) != OperationStatus.Done) return character;
        // CaseFolding.txt, statuses C and S, where the platform's simple mappings differ from it.
        var folded = rune.Value switch
        {
            'ſ' => "s",
            '\u212A' => "k",
            'ẞ' => "ß",
            'İ' or 'ı' => rune.ToString(),
            _ => Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)).ToString(),
        };
        return FromText(folded);
    }
}
