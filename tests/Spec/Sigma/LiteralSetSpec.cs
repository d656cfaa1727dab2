using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Sigma.Literals;
using Picket.Detection.Sigma.Matching;

namespace Picket.Spec.Sigma;

/// <summary>The search for all literals at once against a search for each.</summary>
public sealed class LiteralSetSpec
{
    [Fact]
    public void All_literals_at_once_are_those_that_are_found_one_by_one() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var literals = Enumerable.Range(0, random.Next(1, 80)).Select(_ => Literal(random)).DistinctBy(Key).ToList();
            var set = new LiteralSet(literals);
            var hits = new LiteralHits();
            for (var i = 0; i < 20; i++)
            {
                var text = Text(random, random.Next(0, 40), literals);
                set.Scan(text, hits);
                Assert.Equal(Enumerable.Range(0, literals.Count).Where(number => Occurs(literals[number], text)), hits.Take().ToArray());
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("x", false, false)]
    [InlineData("xy", false, false)]
    [InlineData("xyz", false, false)]
    [InlineData("wxyz", false, false)]
    [InlineData("wxyz", true, false)]
    [InlineData("wxyz", false, true)]
    [InlineData("wxyz", true, true)]
    [InlineData("", true, true)]
    public void A_literal_is_found_where_it_may_lie_and_nowhere_else(string literal, bool atStart, bool atEnd)
    {
        var one = new Literal(Encoding.UTF8.GetBytes(literal), atStart, atEnd);
        var set = new LiteralSet([one]);
        var hits = new LiteralHits();
        foreach (var text in (string[])[literal, literal + "-", "-" + literal, "-" + literal + "-", "", "-", "--------"])
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            set.Scan(bytes, hits);
            Assert.Equal(Occurs(one, bytes), hits.Take().Length == 1);
        }
    }

    private static (string, bool, bool) Key(Literal literal) => (Convert.ToHexString(literal.Bytes), literal.AtStart, literal.AtEnd);

    private static bool Occurs(Literal literal, byte[] text) => literal switch
    {
        { AtStart: true, AtEnd: true } => text.AsSpan().SequenceEqual(literal.Bytes),
        { AtStart: true } => text.AsSpan().StartsWith(literal.Bytes),
        { AtEnd: true } => text.AsSpan().EndsWith(literal.Bytes),
        _ => text.AsSpan().IndexOf(literal.Bytes) >= 0,
    };

    /// <summary>Few different bytes, so that literals overlap, and all of them now and then.</summary>
    private static Literal Literal(Random random)
    {
        var place = random.Next(4);
        var bytes = Text(random, random.Next(place == 3 ? 0 : 1, 9), []);
        return new Literal(bytes, place is 1 or 3, place is 2 or 3);
    }

    private static byte[] Text(Random random, int length, List<Literal> literals)
    {
        if (literals.Count > 0 && random.Next(2) == 0)
        {
            var some = literals[random.Next(literals.Count)].Bytes;
            return [.. Text(random, random.Next(3) * random.Next(4), []), .. some, .. Text(random, random.Next(3) * random.Next(4), [])];
        }

        var wide = random.Next(10) == 0;
        return [.. Enumerable.Range(0, length).Select(_ => wide ? (byte)random.Next(256) : (byte)('a' + random.Next(3)))];
    }
}
