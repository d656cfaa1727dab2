using System.Globalization;

namespace Picket.Fuzz.Targets;

/// <summary>Reads messages of DNS as RFC 1035 describes them, slowly and plainly; what the product reads must be the same.</summary>
internal static class DnsTwin
{
    private const int Internet = 1, Address = 1, Alias = 5, LongAddress = 28;
    private const int MostQuestions = 8, MostAddresses = 64;

    /// <summary>What is asked, and where the answers begin.</summary>
    public sealed record Question(string Name, int Type, int AnswersAt);

    /// <summary>Where the asked name leads.</summary>
    public sealed record Answers(List<string> Addresses, uint Life);

    /// <summary>The name at <paramref name="at"/>, which moves behind it; null for none.</summary>
    public static string? Name(byte[] message, ref int at)
    {
        var labels = new List<string>();
        var (size, place, lowest, behind) = (1, at, at, -1);
        while (place < message.Length)
        {
            int head = message[place];
            if (head >= 0xc0)
            {
                if (place + 1 == message.Length) return null;
                var target = (head - 0xc0) * 256 + message[place + 1];
                if (behind < 0) behind = place + 2;
                if (target >= lowest) return null;
                place = lowest = target;
                continue;
            }

            if (head > 63) return null;
            if (head == 0)
            {
                at = behind < 0 ? place + 1 : behind;
                return labels.Count == 0 ? "." : string.Join('.', labels);
            }

            size += head + 1;
            if (size > 255 || place + 1 + head > message.Length) return null;
            labels.Add(string.Concat(message.Skip(place + 1).Take(head).Select(Letter)));
            place += head + 1;
        }

        return null;
    }

    /// <summary>The question of a message; null for what is none.</summary>
    public static Question? Ask(byte[] message)
    {
        if (message.Length < 12) return null;
        var (name, type, at) = ("", 0, 12);
        for (var i = 0; i < Number(message, 4); i++)
        {
            if (i == MostQuestions) return null;
            if (i == 0)
            {
                if (Name(message, ref at) is not { } asked) return null;
                name = asked;
            }
            else if (!Skip(message, ref at))
            {
                return null;
            }

            if (at + 4 > message.Length) return null;
            if (i == 0) type = Number(message, at);
            at += 4;
        }

        return new Question(name, type, at);
    }

    /// <summary>The addresses that the asked name leads to over the aliases before them, as far as the message can be read.</summary>
    public static Answers Answer(byte[] message, Question question)
    {
        var answers = new Answers([], uint.MaxValue);
        var (wanted, at) = (question.Name, question.AnswersAt);
        for (var i = 0; i < Number(message, 6); i++)
        {
            if (Name(message, ref at) is not { } owner || at + 10 > message.Length) return answers;
            var (type, kind, size) = (Number(message, at), Number(message, at + 2), Number(message, at + 8));
            var life = (uint)(Number(message, at + 4) << 16 | Number(message, at + 6));
            at += 10;
            if (at + size > message.Length) return answers;
            var (data, end) = (at, at + size);
            at = end;
            if (kind != Internet || owner != wanted) continue;
            var isAddress = (type == Address && size == 4) || (type == LongAddress && size == 16);
            if (isAddress && answers.Addresses.Count < MostAddresses) answers.Addresses.Add(new System.Net.IPAddress(message[data..end]).MapToIPv6().ToString());
            if (type == Alias)
            {
                // A name that goes on behind its record is another record's.
                if (Name(message, ref data) is not { } target || data > end) continue;
                wanted = target;
            }

            if (isAddress || type == Alias) answers = answers with { Life = Math.Min(answers.Life, life) };
        }

        return answers;
    }

    private static bool Skip(byte[] message, ref int at)
    {
        while (at < message.Length && message[at] is > 0 and < 64) at += message[at] + 1;
        if (at >= message.Length || message[at] is >= 64 and < 0xc0) return false;
        at += message[at] == 0 ? 1 : 2;
        return at <= message.Length;
    }

    private static int Number(byte[] message, int at) => message[at] << 8 | message[at + 1];

    private static string Letter(byte letter) => (char)letter switch
    {
        >= 'A' and <= 'Z' => char.ToLowerInvariant((char)letter).ToString(),
        '.' or '\\' or ';' => "\\" + (char)letter,
        > ' ' and < '\x7f' => ((char)letter).ToString(),
        _ => "\\" + letter.ToString("000", CultureInfo.InvariantCulture),
    };
}
