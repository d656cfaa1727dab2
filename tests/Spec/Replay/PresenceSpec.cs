using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma;
using Picket.Sensors.Replay.Json;
using Picket.Spec.Sigma;

namespace Picket.Spec.Replay;

/// <summary>Whether a field is there that has no value of its own.</summary>
public sealed class PresenceSpec
{
    [Theory]
    [InlineData("exists: true", "{\"Presence\":{\"a\":1}}", true)]
    [InlineData("exists: true", "{\"Presence\":{}}", true)]
    [InlineData("exists: true", "{\"Presence\":[]}", true)]
    [InlineData("exists: true", "{\"Presence\":[{\"a\":1}]}", true)]
    [InlineData("exists: true", "{\"Other\":{\"Presence\":1}}", false)]
    [InlineData("exists: true", "{\"Event\":{\"EventData\":{\"Presence\":{\"a\":[]}}}}", true)]
    [InlineData("exists: false", "{\"Presence\":{\"a\":1}}", false)]
    [InlineData("exists: false", "{\"Presence\":[]}", false)]
    [InlineData("exists: false", "{\"Other\":[]}", true)]
    public void A_field_without_a_value_of_its_own_is_there(string question, string json, bool fires) =>
        Assert.Equal(fires, Fires.Item($"Presence|{question}").On(Read(json)));

    [Theory]
    [InlineData("{\"Nothing\":{\"a\":1}}", false)]
    [InlineData("{\"Nothing\":[]}", true)]
    [InlineData("{\"Nothing\":[{\"a\":1}]}", false)]
    [InlineData("{\"Nothing\":[1]}", false)]
    [InlineData("{\"Nothing\":null}", true)]
    [InlineData("{\"Other\":{}}", true)]
    public void An_object_is_not_null_and_an_empty_list_is(string json, bool fires) =>
        Assert.Equal(fires, Fires.Item("Nothing: null").On(Read(json)));

    [Theory]
    [InlineData("''", "{\"Presence\":{\"a\":1}}", false)]
    [InlineData("''", "{\"Presence\":[{\"a\":1}]}", false)]
    [InlineData("''", "{\"Presence\":\"\"}", true)]
    [InlineData("|re: '^$'", "{\"Presence\":{}}", false)]
    [InlineData("|contains: ''", "{\"Presence\":{}}", false)]
    [InlineData("|neq: ''", "{\"Presence\":{}}", true)]
    [InlineData("|fieldref: Nothing", "{\"Presence\":{},\"Nothing\":\"\"}", false)]
    [InlineData("|fieldref: Presence", "{\"Presence\":{}}", false)]
    public void An_object_has_no_text(string question, string json, bool fires)
    {
        // That somebody asks whether it is there changes no other answer.
        Fires.Item("Presence|exists: true").On(Read("{}"));
        Assert.Equal(fires, Fires.Item(question[0] == '|' ? $"Presence{question}" : $"Presence: {question}").On(Read(json)));
    }

    [Fact]
    public void An_object_that_has_its_fields_value_in_it_has_no_other()
    {
        Assert.True(Fires.Item("EventID|exists: true").On(Read("{\"Event\":{\"System\":{\"EventID\":{\"#text\":\"4688\"}}}}")));
        var batch = Read("{\"Event\":{\"System\":{\"EventID\":{\"#attributes\":{\"Qualifiers\":\"0\"},\"#text\":\"4688\"}}}}");
        var values = new List<string>();
        foreach (ref readonly var entry in batch.View(0).Entries)
        {
            if (entry.Id == FieldTable.Intern("EventID")) values.Add(Encoding.UTF8.GetString(batch.View(0).ValueOf(entry).Text));
        }

        Assert.Equal(["4688"], values);
    }

    [Fact]
    public void What_was_there_in_a_record_is_not_in_the_next()
    {
        var rule = Fires.Item("Presence|exists: true");
        var batch = Read("{\"Presence\":{\"a\":{}}}\n{\"Other\":{\"a\":{}}}\n");

        Assert.Equal(2, batch.Count);
        Assert.Equal([true, false], Enumerable.Range(0, 2).Select(record => Asks(rule, batch, record)));
    }

    /// <summary>Most fields of records are asked by nobody, and come to be when the rules are read already.</summary>
    [Fact]
    public void Only_what_a_rule_asks_for_is_asked_for_however_many_fields_there_are()
    {
        var asked = FieldTable.Intern("PresenceAsked");
        PresenceTable.Ask(asked);
        var others = Enumerable.Range(0, 300).Select(i => FieldTable.Intern($"PresenceOther{i}")).ToList();
        Assert.True(PresenceTable.IsAsked(asked));
        Assert.DoesNotContain(others, PresenceTable.IsAsked);

        PresenceTable.Ask(others[^1]);
        Assert.Equal([others[^1]], others.Where(PresenceTable.IsAsked));
        Assert.True(PresenceTable.IsAsked(asked));
        Assert.False(PresenceTable.IsAsked(FieldTable.Intern("PresenceLast")));
    }

    private static bool Asks(SigmaRule rule, EventBatch batch, int record)
    {
        var sink = new RecordingSink();
        SigmaEngine.Build([rule]).Evaluate(batch.View(record), sink);
        return sink.Matches.Count > 0;
    }

    private static EventBatch Read(string json)
    {
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x", malformed => Assert.Fail(malformed.ToString()));
        var batch = new EventBatch(4, 64 * 1024);
        Assert.True(reader.Fill(batch, null));
        return batch;
    }
}
