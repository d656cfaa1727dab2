using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Sensors.Dns;

namespace Picket.Spec.Dns;

/// <summary>Messages that others compose: what is right is read, what is not is refused, and nothing loops or throws.</summary>
public sealed class DnsMessageTests
{
    [Theory]
    [InlineData("www.Example.COM", "www.example.com")]
    [InlineData("", ".")]
    [InlineData("a", "a")]
    [InlineData("wHaT.0x20.TesT", "what.0x20.test")]
    public void A_name_is_read_in_lower_case(string name, string expected) => Assert.Equal(expected, Question(DnsBytes.Query(1, name)));

    [Fact]
    public void Two_names_never_read_alike()
    {
        Assert.Equal("a\\.b.c", Question(new DnsBytes().Count(4).Label("a.b"u8).Label("c"u8).Raw(0, 0, 1, 0, 1)));
        Assert.Equal("a\\000\\255\\\\\\;\\032", Question(new DnsBytes().Count(4).Label(0x61, 0, 255, (byte)'\\', (byte)';', 32).Raw(0, 0, 1, 0, 1)));
    }

    [Fact]
    public void Compression_leads_backwards_or_is_refused()
    {
        var forward = new DnsBytes().Count(4).Label("a"u8).Pointer(40).Raw(0, 1, 0, 1).Name("padding.padding.padding");
        var self = new DnsBytes().Count(4).Pointer(12).Raw(0, 1, 0, 1);
        var loop = new DnsBytes().Count(4).Label("a"u8).Pointer(12).Raw(0, 1, 0, 1);
        Assert.All([forward, self, loop], message => Assert.Null(Question(message)));
        var answer = DnsBytes.Answer(1, "www.example.com").Count(6).Pointer(12).Raw(0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1);
        Assert.Equal("192.0.2.1;", Results(answer, out var answers));
        Assert.Equal(9u, answers.TimeToLive);
        Assert.Single(answers.Addresses.ToArray());
    }

    [Fact]
    public void A_name_that_goes_on_behind_its_record_is_none()
    {
        // An alias of no length: what follows, the next record's owner, is not where it leads.
        var answer = DnsBytes.Answer(1, "a").Record("a", 5, 60).Address("b", "192.0.2.1").ToArray();
        var name = new byte[DnsName.LongestText];
        Assert.True(DnsMessage.TryRead(answer, name, out var length, out var message));
        var answers = new DnsAnswers();
        answers.Read(message, name.AsSpan(0, length));
        Assert.True(answers.IsCut);
        Assert.Empty(answers.Addresses.ToArray());
        Assert.Equal("type:  5 ;192.0.2.1;", System.Text.Encoding.ASCII.GetString(answers.Text));
    }

    [Fact]
    public void A_name_of_255_bytes_is_read_and_a_longer_one_refused()
    {
        var label = new string('x', 63);
        Assert.NotNull(Question(DnsBytes.Query(1, $"{label}.{label}.{label}.{label[..61]}")));
        Assert.Null(Question(DnsBytes.Query(1, $"{label}.{label}.{label}.{label[..62]}")));
        // Short labels that point on and on: each is within bounds, the name is not.
        var chain = new DnsBytes();
        var before = chain.Label("abcdefgh"u8).Length - 9;
        chain.Raw(0);
        for (var i = 0; i < 40; i++)
        {
            var at = chain.Length;
            chain.Label("abcdefgh"u8).Pointer(before);
            before = at;
        }

        var from = before;
        Assert.False(DnsName.TryRead(chain.ToArray(), ref from, new byte[DnsName.LongestText], out _));
    }

    [Fact]
    public void A_message_cut_anywhere_is_refused_or_read_as_far_as_it_goes()
    {
        var whole = DnsBytes.Answer(1, "www.example.com").Alias("www.example.com", "x.example.com").Address("x.example.com", "192.0.2.1").ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            var name = new byte[DnsName.LongestText];
            if (!DnsMessage.TryRead(whole.AsSpan(0, length), name, out var written, out var message)) continue;
            var answers = new DnsAnswers();
            answers.Read(message, name.AsSpan(0, written));
            Assert.True(answers.IsCut);
        }
    }

    [Fact]
    public void Rubbish_is_never_thrown_over()
    {
        var answers = new DnsAnswers();
        var name = new byte[DnsName.LongestText];
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(0, 255).Select(n => (byte)n)).Resize(300).ToArbitrary(), bytes =>
        {
            if (!DnsMessage.TryRead(bytes, name, out var length, out var message)) return true;
            answers.Read(message, name.AsSpan(0, length));
            return answers.Text.Length <= 2048;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void A_right_message_with_bytes_changed_is_never_thrown_over()
    {
        var random = new System.Random(20261121);
        var right = DnsBytes.Answer(7, "www.example.com").Alias("www.example.com", "a.b").Address("a.b", "192.0.2.1").Address("a.b", "2001:db8::1")
            .Record("a.b", 15, 1, [0, 1, .. "\u0004mail\0"u8]).Record("a.b", 16, 1, [.. "\u0005hello\u0003two"u8]).ToArray();
        var answers = new DnsAnswers();
        var name = new byte[DnsName.LongestText];
        for (var round = 0; round < 200_000; round++)
        {
            var bytes = right.AsSpan(0, random.Next(4) == 0 ? random.Next(right.Length) : right.Length).ToArray();
            for (var i = random.Next(4); i >= 0 && bytes.Length > 0; i--) bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)0xc0 : (byte)random.Next(256);
            if (DnsMessage.TryRead(bytes, name, out var length, out var message)) answers.Read(message, name.AsSpan(0, length));
        }
    }

    [Fact]
    public void Answers_read_as_Sysmon_writes_them()
    {
        var message = DnsBytes.Answer(1, "w.test").Alias("w.test", "a.test", 60).Alias("a.test", "b.test", 20).Address("b.test", "192.0.2.1", 500)
            .Address("b.test", "2001:db8:0:0:1::5").Record("b.test", 16, 1, [.. "\u0005a;b\\c\u0003two"u8]).Record("b.test", 15, 1, [0, 5, .. "\u0002mx\u0004test\0"u8])
            .Record("b.test", 65, 1, 1, 2, 3);
        Assert.Equal("type:  5 a.test;type:  5 b.test;192.0.2.1;2001:db8::1:0:0:5;type: 16 a\\;b\\\\ctwo;type: 15 mx.test;type: 65 ;", Results(message, out var answers));
        Assert.Equal(2, answers.Addresses.Length);
        Assert.Equal(20u, answers.TimeToLive);
    }

    [Fact]
    public void Only_addresses_that_the_asked_name_leads_to_are_named_by_it()
    {
        Results(DnsBytes.Answer(1, "w.test").Address("bank.test", "192.0.2.1").Alias("other.test", "bank.test").Address("W.test", "192.0.2.2"), out var answers);
        Assert.Equal([AddressText.Mapped([192, 0, 2, 2])], answers.Addresses.ToArray());
    }

    [Theory]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:1:1:1:1:1:1")]
    [InlineData("2001:0:0:1::1")]
    [InlineData("2001:db8:0:1:1:1:1:1")]
    [InlineData("fe80::1:0:0:1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("203.0.113.9")]
    public void Addresses_are_written_as_the_framework_writes_them(string address)
    {
        var text = new byte[AddressText.Longest];
        var parsed = System.Net.IPAddress.Parse(address);
        Assert.Equal(parsed.ToString(), Encoding.ASCII.GetString(text, 0, AddressText.Write(AddressText.Of(parsed), text)));
    }

    [Fact]
    public void Random_addresses_are_written_as_the_framework_writes_them()
    {
        var random = new System.Random(5);
        var text = new byte[AddressText.Longest];
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            bytes[0] = 0x20;
            for (var group = 1; group < 8; group++)
            {
                if (random.Next(2) == 0) bytes[group * 2] = bytes[group * 2 + 1] = 0;
            }

            var address = new System.Net.IPAddress(bytes);
            Assert.Equal(address.ToString(), Encoding.ASCII.GetString(text, 0, AddressText.Write(AddressText.Of(address), text)));
        }
    }

    private static string? Question(DnsBytes message)
    {
        var name = new byte[DnsName.LongestText];
        return DnsMessage.TryRead(message.ToArray(), name, out var length, out _) ? Encoding.ASCII.GetString(name, 0, length) : null;
    }

    private static string Results(DnsBytes bytes, out DnsAnswers answers)
    {
        var name = new byte[DnsName.LongestText];
        Assert.True(DnsMessage.TryRead(bytes.ToArray(), name, out var length, out var message));
        answers = new DnsAnswers();
        answers.Read(message, name.AsSpan(0, length));
        return Encoding.Latin1.GetString(answers.Text);
    }
}
