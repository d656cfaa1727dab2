using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Picket.Fuzz.Targets;

/// <summary>Says what a sound condition means by rewriting its text until one letter is left, and not by a grammar.</summary>
internal static partial class ConditionTwin
{
    /// <summary>Whether the condition holds; null when its text does not come down to an answer.</summary>
    /// <param name="text">The condition.</param>
    /// <param name="names">The selections.</param>
    /// <param name="holds">Whether a selection does.</param>
    public static bool? Evaluate(string text, IReadOnlyList<string> names, Func<string, bool> holds)
    {
        var words = Words().Matches(text).Select(match => match.Value).ToList();
        var letters = new StringBuilder();
        for (var i = 0; i < words.Count; i++)
        {
            var isQuantity = i + 2 < words.Count && Is(words[i + 1], "of");
            letters.Append(isQuantity ? Letter(Quantified(words[i], words[i + 2], names, holds)) : words[i] switch
            {
                "(" or ")" => words[i][0],
                var word when Is(word, "not") => '!',
                var word when Is(word, "and") => '&',
                var word when Is(word, "or") => '|',
                var word => Letter(holds(word)),
            });
            if (isQuantity) i += 2;
        }

        return Reduce(letters.ToString()) switch { "T" => true, "F" => false, _ => null };
    }

    private static string Reduce(string letters)
    {
        for (var before = ""; before != letters;)
        {
            before = letters;
            letters = Until(letters, static text => text.Replace("!T", "F", StringComparison.Ordinal).Replace("!F", "T", StringComparison.Ordinal));
            letters = Until(letters, static text => Both().Replace(text, static match => match.Value == "T&T" ? "T" : "F"));
            letters = letters.Replace("(T)", "T", StringComparison.Ordinal).Replace("(F)", "F", StringComparison.Ordinal);
            if (before == letters) letters = Either().Replace(letters, static match => match.Value == "F|F" ? "F" : "T");
        }

        return letters;
    }

    private static string Until(string text, Func<string, string> step)
    {
        for (var next = step(text); next != text; next = step(text)) text = next;
        return text;
    }

    private static bool Quantified(string quantity, string pattern, IReadOnlyList<string> names, Func<string, bool> holds)
    {
        var glob = new Regex($@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal)}\z", RegexOptions.CultureInvariant);
        var meant = names.Where(name => name[0] != '_' && (Is(pattern, "them") || glob.IsMatch(name))).ToList();
        var count = Is(quantity, "all") ? meant.Count : Is(quantity, "any") ? 1 : int.Parse(quantity, NumberStyles.None, CultureInfo.InvariantCulture);
        return meant.Count(holds) >= count;
    }

    private static char Letter(bool holds) => holds ? 'T' : 'F';

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"[()]|[^\s()]+")]
    private static partial Regex Words();

    [GeneratedRegex("[TF]&[TF]")]
    private static partial Regex Both();

    [GeneratedRegex("(?<![&!])[TF]\\|[TF](?!&)")]
    private static partial Regex Either();
}
