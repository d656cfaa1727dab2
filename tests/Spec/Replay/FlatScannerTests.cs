using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Sensors.Replay.Json;

namespace Picket.Spec.Replay;

/// <summary>The fast reader of flat objects against the general one.</summary>
public sealed class FlatScannerTests
{
    private static readonly string[] Names = ["Image", "CommandLine", "User", "ProcessId", "", "näme", "a.b", "no rule asks for it"];

    private static readonly string[] Values =
    [
        "\"\"", "\"plain\"", "\"C:\\\\Windows\\\\System32\"", "\"a \\\"quoted\\\" word\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
        "\"é ü\"", "\"é\\n\"", "\"\\/\\b\\f\\n\\r\\t\\\\\"", "\"\\x\"", "\"tab\there\"", "0", "-0", "12", "012", "-", "1.5", "1.", ".5", "1.0", "-10.00", "1.50", "100", "1.0e3", "0.0", "1e9", "1E-3",
        "1e", "true", "false", "null", "tru", "nul", "{}", "{\"a\":1}", "[]", "[1,2]", "\"open", "\"", "\"a\\\\\\\"b\"", "\"ends with \\\\\"",
    ];

    // Other tests would enter these names in between, so that the second reader would know more of them than the first one.
    static FlatScannerTests() => RuntimeHelpers.RunClassConstructor(typeof(Fields).TypeHandle);

    [Fact]
    public void Both_read_the_same_of_any_object() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var flat = new FlatScanner();
            for (var i = 0; i < 40; i++) Compare(flat, Encoding.UTF8.GetBytes(Object(random)));
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Both_read_the_same_of_bytes_that_were_damaged() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var flat = new FlatScanner();
            for (var i = 0; i < 40; i++)
            {
                var bytes = Encoding.UTF8.GetBytes(Object(random));
                for (var changes = random.Next(1, 4); changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                Compare(flat, bytes[..random.Next(1, bytes.Length + 1)]);
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Both_read_the_same_of_long_strings_with_escapes_at_every_place() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            string[] pieces = ["\\\\", "\\\"", "\\n", "x", "C:", "é", " words between ", new string('y', 61)];
            var random = new Random(seed);
            var flat = new FlatScanner();
            for (var i = 0; i < 20; i++)
            {
                var text = new StringBuilder("{\"Image\":\"").Append('x', random.Next(70)).Append("\\r");
                for (var count = random.Next(60); count > 0; count--) text.Append(pieces[random.Next(random.Next(3) == 0 ? pieces.Length : 3)]);
                text.Append('x', random.Next(130)).Append("\",\"User\":\"u\"}");
                var bytes = Encoding.UTF8.GetBytes(text.ToString());
                Assert.True(Compare(flat, bytes), text.ToString());
                Assert.False(Compare(flat, bytes[..random.Next(bytes.Length - 1)]));

                // A control character, and a backslash that turns the meaning of all that is behind it in its run.
                bytes[random.Next(14, Math.Max(15, bytes.Length - 14))] = (byte)(random.Next(3) == 0 ? 7 : '\\');
                Compare(flat, bytes);
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Plain_objects_are_read_by_the_fast_one_whatever_the_order_of_their_names()
    {
        var flat = new FlatScanner();
        foreach (var text in (string[])["{}", "{ }", "{\"Image\":\"/a\",\"User\":\"b\"}", "{\"User\":\"b\",\"Image\":\"/a\"}", "{\"Image\" : 1 ,\n\"a\":\"x\\\\y\"}"])
        {
            var batch = new EventBatch(4, 4096);
            batch.Begin(Alerts.Samples.Live, null);
            batch.Add(EventKind.Unknown);
            var bytes = Encoding.UTF8.GetBytes(text + " {");
            Assert.True(flat.TryRead(batch, batch.Append(bytes), bytes, out var used));
            Assert.Equal(bytes.Length - 2, used);
        }
    }

    private static string Object(Random random)
    {
        var text = new StringBuilder("{");
        var count = random.Next(7);
        for (var i = 0; i < count; i++)
        {
            if (i > 0) text.Append(random.Next(30) == 0 ? "," : " , "[random.Next(2)..(2 + random.Next(2))]);
            text.Append('"').Append(Names[random.Next(random.Next(3) == 0 ? Names.Length : 3)]).Append(random.Next(40) == 0 ? "\\n" : "").Append('"');
            text.Append(random.Next(40) == 0 ? "" : ":").Append(random.Next(8) == 0 ? " " : "");
            text.Append(Values[random.Next(random.Next(3) == 0 ? Values.Length : 4)]);
        }

        return text.Append(random.Next(40) == 0 ? "" : "}").Append(random.Next(3) == 0 ? " \n{\"next\":1}" : "").ToString();
    }

    /// <summary>What the fast reader takes, the general one takes with the same fields; what it leaves has no fields yet. True when it takes it.</summary>
    private static bool Compare(FlatScanner flat, byte[] bytes)
    {
        var fast = Begin(bytes, out var raw);
        var isTaken = flat.TryRead(fast, raw, bytes, out var used);
        if (!isTaken)
        {
            Assert.Equal(0, fast.View(0).Entries.Length);
            return false;
        }

        var general = Begin(bytes, out raw);
        int expected;
        try
        {
            expected = RecordFlattener.Make().FlattenAny(general, raw, bytes);
        }
        catch (JsonException failure)
        {
            Assert.Fail($"taken, and is no record: {failure.Message}: {Encoding.UTF8.GetString(bytes)}");
            return true;
        }

        Assert.Equal(expected, used);
        Assert.Equal(Fields(general), Fields(fast));
        return true;
    }

    private static EventBatch Begin(byte[] bytes, out int raw)
    {
        var batch = new EventBatch(1, 8192);
        batch.Begin(Alerts.Samples.Live, null);
        batch.Add(EventKind.Unknown);
        raw = batch.Append(bytes);
        return batch;
    }

    private static List<(FieldId Id, FieldKind Kind, string Text)> Fields(EventBatch batch)
    {
        var fields = new List<(FieldId, FieldKind, string)>();
        foreach (ref readonly var entry in batch.View(0).Entries)
            fields.Add((entry.Id, entry.Kind, Convert.ToHexString(batch.View(0).ValueOf(entry).Text)));
        return fields;
    }
}
