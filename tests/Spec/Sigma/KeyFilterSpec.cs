using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Sigma.Literals;
using Picket.Detection.Sigma.Matching;

namespace Picket.Spec.Sigma;

/// <summary>The filters before the tables of literals: they may say yes too often, never no too often.</summary>
public sealed class KeyFilterSpec
{
    [Fact]
    public void A_filter_of_bits_says_the_same_eight_places_at_once_and_one_by_one() => Check((random, keyLength, keys, text) =>
    {
        var filter = new BitFilter(keyLength, keys);
        for (var at = 0; at < text.Length; at += random.Next(1, 40)) Assert.Equal(filter.MayOneByOne(text, at), filter.May(text, at));
    });

    [Fact]
    public void No_filter_passes_over_a_key() => Check((random, keyLength, keys, text) =>
    {
        foreach (var filter in (KeyFilter[])[new BitFilter(keyLength, keys), new NibbleFilter(keyLength, keys), KeyFilter.Of(keyLength, keys)])
        {
            for (var at = 0; at < text.Length; at += random.Next(1, 70))
            {
                var may = filter.May(text, at);
                for (var place = 0; place < KeyFilter.Places; place++)
                {
                    var passes = (may >> place & 1) != 0;
                    if (at + place + keyLength > text.Length) Assert.False(passes);
                    else if (keys.Contains(KeyAt(text, at + place, keyLength))) Assert.True(passes);
                }
            }
        }
    });

    [Fact]
    public void Few_keys_let_few_places_pass()
    {
        var random = new Random(7);
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(_ => (char)random.Next('a', 'z' + 1))));
        uint[] keys = [.. "mimikatz;sekurlsa;kerberos;privilege".Split(';').Select(word => KeyAt(Encoding.ASCII.GetBytes(word), 0, 4))];
        foreach (var filter in (KeyFilter[])[new BitFilter(4, keys), new NibbleFilter(4, keys)])
        {
            var passed = 0;
            for (var at = 0; at < text.Length; at += KeyFilter.Places) passed += System.Numerics.BitOperations.PopCount(filter.May(text, at));
            Assert.InRange(passed, 0, text.Length / 20);
        }
    }

    [Fact]
    public void A_record_with_a_literal_in_any_case_passes_and_most_others_do_not()
    {
        string[] words = ["mimikatz", "sekurlsa::logonpasswords", "invoke-x", "0x1e0:["];
        var filter = RecordFilter.Of([.. words.Select(word => CaseFold.Fold(Encoding.UTF8.GetBytes(word)))])!;
        var random = new Random(11);
        var (passed, rounds) = (0, 3_000);
        for (var round = 0; round < rounds; round++)
        {
            var record = new StringBuilder();
            var length = random.Next(300);
            for (var i = 0; i < length; i++) record.Append((char)random.Next(' ', 127));
            if (filter.Has(Encoding.UTF8.GetBytes(record.ToString()))) passed++;
            var word = words[random.Next(words.Length)].Select(letter => random.Next(2) == 0 ? char.ToUpperInvariant(letter) : letter);
            record.Insert(random.Next(record.Length + 1), string.Concat(word));
            Assert.True(filter.Has(Encoding.UTF8.GetBytes(record.ToString())), record.ToString());
        }

        Assert.Equal(0, passed);
        Assert.False(filter.Has(default));
        Assert.False(filter.Has("mim"u8));
        foreach (var word in words)
        {
            // A literal but for one place, which may be the one that its gram is not at.
            for (var at = 0; at < word.Length; at++)
                Assert.False(filter.Has(Encoding.ASCII.GetBytes($"{word[..at]}_{word[(at + 1)..]} {word[1..]} {word[..^1]}")));
        }

    }

    [Fact]
    public void Many_literals_are_found_in_records_in_any_case()
    {
        var words = Enumerable.Range(0, 400).Select(i => $"{(char)('a' + (i % 26))}{i:000}[\\{(char)('z' - (i % 24))}").ToList();
        var filter = RecordFilter.Of([.. words.Select(Encoding.ASCII.GetBytes)])!;
        foreach (var word in words)
        {
            Assert.True(filter.Has(Encoding.ASCII.GetBytes($"before {word.ToUpperInvariant()} behind")), word);
            Assert.True(filter.Has(Encoding.ASCII.GetBytes(word)), word);
            Assert.False(filter.Has(Encoding.ASCII.GetBytes($"{word[1..]} {word[..^1]} {word.Replace('[', '{')} {word.Replace('\\', '|')}")), word);
        }
    }

    [Fact]
    public void Literals_beyond_ASCII_are_found_in_folded_texts()
    {
        var filter = RecordFilter.Of([.. new[] { "\u00e9t\u00e9s", "gr\u00fcn!", "mimikatz", "\u00e9@b", "\u00e9[x" }.Select(word => CaseFold.Fold(Encoding.UTF8.GetBytes(word)))])!;
        foreach (var text in new[] { "x \u00c9T\u00c9S", "GR\u00dcN!", "\u00e4 mimi\u212Aatz", "a\u00c9@B", "\u00c9[X\u00e4" }) Assert.True(filter.Has(CaseFold.Fold(Encoding.UTF8.GetBytes(text))), text);
        foreach (var text in new[] { "x \u00c9T\u00c8S", "GR\u00dcN", "\u00e4 mimi\u212Bkatz", "\u00c9`b", "\u00c9{x" }) Assert.False(filter.Has(CaseFold.Fold(Encoding.UTF8.GetBytes(text))), text);
    }

    [Fact]
    public void A_filter_of_any_case_passes_over_no_key_in_either_case() => Check((random, keyLength, keys, text) =>
    {
        var some = Encoding.ASCII.GetBytes(string.Concat(text.Select(value => (char)(32 + (value % 95)))));
        var lower = some.Select(value => (byte)char.ToLowerInvariant((char)value)).ToArray();
        uint[] wanted = [.. Enumerable.Range(0, Math.Max(0, lower.Length - keyLength + 1)).Where(_ => random.Next(8) == 0).Select(at => KeyAt(lower, at, keyLength)).Distinct()];
        if (wanted.Length == 0) return;
        foreach (var filter in (KeyFilter[])[new BitFilter(keyLength, wanted, anyCase: true), new NibbleFilter(keyLength, wanted, anyCase: true)])
        {
            for (var at = 0; at <= some.Length - keyLength; at++)
            {
                if (wanted.Contains(KeyAt(lower, at, keyLength))) Assert.NotEqual(0ul, filter.May(some, at) & 1);
            }
        }

        var bits = new BitFilter(keyLength, wanted, anyCase: true);
        for (var at = 0; at < some.Length; at += 17) Assert.Equal(bits.MayOneByOne(some, at), bits.May(some, at));
    });

    [Fact]
    public void Literals_that_are_too_short_have_no_filter_of_records()
    {
        Assert.Null(RecordFilter.Of(["abc"u8.ToArray()]));
        Assert.Null(RecordFilter.Of([]));
    }

    private static void Check(Action<Random, int, uint[], byte[]> check) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var keyLength = random.Next(2, 5);
            var text = new byte[random.Next(0, 300)];
            var letters = random.Next(2, 256);
            for (var i = 0; i < text.Length; i++) text[i] = (byte)random.Next(256 - letters, 256);
            uint[] keys = [.. Enumerable.Range(0, random.Next(1, 60)).Select(_ => text.Length > keyLength && random.Next(3) > 0
                ? KeyAt(text, random.Next(text.Length - keyLength), keyLength)
                : (uint)random.NextInt64(1L << (8 * keyLength))).Distinct()];
            check(random, keyLength, keys, text);
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static uint KeyAt(byte[] text, int at, int length)
    {
        uint key = 0;
        for (var i = 0; i < length; i++) key |= (uint)text[at + i] << (8 * i);
        return key;
    }
}
