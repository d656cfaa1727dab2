using System.Text;
using Picket.Detection.Events;
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

    private static EventBatch Read(string json)
    {
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x", malformed => Assert.Fail(malformed.ToString()));
        var batch = new EventBatch(4, 64 * 1024);
        Assert.True(reader.Fill(batch, null));
        return batch;
    }
}
