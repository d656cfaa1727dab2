using System.Text;
using Picket.Detection.Events;
using Picket.Sensors.Replay.Json;

namespace Picket.Spec.Replay;

/// <summary>The names that the values of nested objects get.</summary>
public sealed class FieldNameSpec
{
    private const string Rendered = """
        {"Event":{"#attributes":{"xmlns":"x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon","Guid":"g"}},
        "EventID":{"#attributes":{"Qualifiers":16384},"#text":1},"TimeCreated":{"#attributes":{"SystemTime":"2026-04-17T05:24:53.092051Z"}},
        "Channel":"Microsoft-Windows-Sysmon/Operational","Security":null},
        "EventData":{"#attributes":{"Name":"unnamed"},"Image":"C:\\a.exe","FieldNames.deep":"own","Data":{"#text":["one","two"]},"Binary":null}}}
        """;

    [Theory]
    [InlineData(Rendered, "Image", "C:\\a.exe")]
    [InlineData(Rendered, "EventID", "1")]
    [InlineData(Rendered, "EventID_Qualifiers", "16384")]
    [InlineData(Rendered, "Channel", "Microsoft-Windows-Sysmon/Operational")]
    [InlineData(Rendered, "Provider_Name", "Microsoft-Windows-Sysmon")]
    [InlineData(Rendered, "Data", "one|two")]
    [InlineData(Rendered, "FieldNames.deep", "own")]
    [InlineData("""{"Event":{"UserData":{"EventXML":{"Param1":"u","#attributes":{"x":"y"}}}}}""", "Param1", "u")]
    [InlineData("""{"winlog":{"event_id":"1","channel":"Security","provider_name":"p","event_data":{"Image":"w","param1":"v"},"api":"wineventlog"}}""", "Image", "w")]
    [InlineData("""{"winlog":{"event_id":"4688","event_data":{"Image":"w"}}}""", "EventID", "4688")]
    [InlineData("""{"winlog":{"event_data":{"Image":"w"},"channel":"Security"}}""", "Channel", "Security")]
    [InlineData("""{"winlog":{"event_data":{"Image":"w"},"provider_name":"p"}}""", "Provider_Name", "p")]
    [InlineData("""{"a":{"Image":"no"},"FieldNames.a":{"b":1}}""", "FieldNames.a.b", "1")]
    [InlineData("""{"FieldNames":{"a":[{"b":1},{"b":[2,3]}]}}""", "FieldNames.a.b", "1|2|3")]
    [InlineData("""{"FieldN\u0061mes":{"\u0061":{"b":"x"}}}""", "FieldNames.a.b", "x")]
    [InlineData("""{"FieldNames":{"Event":{"EventData":{"Image":"mine"}}}}""", "FieldNames.Event.EventData.Image", "mine")]
    [InlineData("""{"Event":{"System":{"Provider":{"@Name":"p","@Guid":"g"},"EventID":{"@Qualifiers":"0","#text":"4688"}}}}""", "Provider_Name", "p")]
    [InlineData("""{"Event":{"System":{"Provider":{"@Name":"p"},"EventID":{"@Qualifiers":"0","#text":"4688"}}}}""", "EventID", "4688")]
    [InlineData("""{"Event":{"System":{"Provider_attributes":{"Name":"p"},"EventID":4688}}}""", "Provider_Name", "p")]
    [InlineData("""{"System":{"Provider":{"Name":"p"},"EventID":{"Value":4688},"Execution":{"ProcessID":7}},"EventData":{"Image":"v"}}""", "Image", "v")]
    [InlineData("""{"System":{"Provider":{"Name":"p"},"EventID":{"Value":4688},"Execution":{"ProcessID":7}}}""", "EventID", "4688")]
    [InlineData("""{"System":{"Provider":{"Name":"p"},"EventID":{"Value":4688},"Execution":{"ProcessID":7}}}""", "Provider_Name", "p")]
    [InlineData("""{"System":{"Execution":{"ProcessID":7}}}""", "Execution_ProcessID", "7")]
    [InlineData("""{"Event":{"EventData":{"Data":[{"@Name":"Image","#text":"v"},{"@Name":"FieldNamesOther","#text":"w"}]}}}""", "Image", "v")]
    [InlineData("""{"Event":{"EventData":{"Data":[{"#text":"w","@Name":"FieldNamesOther"},{"#text":"v","@Name":"Image"}]}}}""", "Image", "v")]
    [InlineData("""{"Event":{"EventData":{"Data":{"Name":"Image","Value":"v"}}}}""", "Image", "v")]
    [InlineData("""{"Event":{"EventData":{"Data":["a",{"#text":"b"}]}}}""", "Data", "a|b")]
    [InlineData("""{"_index":"i","_source":{"winlog":{"event_data":{"Image":"w"}}}}""", "Image", "w")]
    [InlineData("""{"_source":{"FieldNames":{"a":{"b":1}}}}""", "FieldNames.a.b", "1")]
    [InlineData("""{"preview":false,"offset":0,"result":{"Image":"w"}}""", "Image", "w")]
    [InlineData("""{"result":{"FieldNames":1}}""", "result.FieldNames", "1")]
    [InlineData("""{"winlog.event_id":"4688","winlog.channel":"Security","winlog.event_data.Image":"w"}""", "Image", "w")]
    [InlineData("""{"winlog.event_id":"4688","winlog.channel":"Security","winlog.event_data.Image":"w"}""", "EventID", "4688")]
    [InlineData("""{"a":{},"winlog.event_id":"4688","winlog.event_data.Image":"w"}""", "Image", "w")]
    [InlineData("""{"a":{},"winlog.event_id":"4688","winlog.event_data.Image":"w"}""", "EventID", "4688")]
    [InlineData("""{"_index":"i","fields":{"winlog.event_data.Image":["w"]}}""", "Image", "w")]
    [InlineData("""{"fields":{"FieldNames":1}}""", "fields.FieldNames", "1")]
    [InlineData("""{"EventCode":"1","source":"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"}""", "EventID", "1")]
    [InlineData("""{"EventCode":"1","source":"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational"}""", "Channel", "Microsoft-Windows-Sysmon/Operational")]
    [InlineData("""{"EventCode":"1","EventID":"2"}""", "EventID", "2")]
    [InlineData("""{"EventId":4688,"Channel":"Security"}""", "EventID", "4688")]
    [InlineData("""{"Id":4688,"LogName":"Security"}""", "EventID", "4688")]
    [InlineData("""{"Id":4688,"LogName":"Security"}""", "Channel", "Security")]
    [InlineData("""{"Id":4688}""", "EventID", "")]
    [InlineData("""{"EventId":1,"Payload":"{\"EventData\":{\"Data\":[{\"@Name\":\"Image\",\"#text\":\"w\"}]}}"}""", "Image", "w")]
    [InlineData("""{"preview":false,"result":{"_raw":"<Event><System><EventID>7</EventID></System><EventData><Data Name='Image'>a&amp;b</Data></EventData></Event>"}}""", "Image", "a&b")]
    [InlineData("""{"preview":false,"result":{"_raw":"<Event><System><EventID>7</EventID></System></Event>"}}""", "EventID", "7")]
    [InlineData("""{"Events":1,"CloudTrailEvent":"{\"FieldNames\":{\"a\":{\"b\":5}}}"}""", "FieldNames.a.b", "5")]
    [InlineData("""{"Payload":"{\"Image\":\"a\",","FieldNames.deep":"own"}""", "FieldNames.deep", "own")]
    [InlineData("""{"Payload":"{\"Image\":\"a\",","FieldNames.deep":"own"}""", "Image", "")]
    public void A_value_has_the_name_that_rules_have_for_it(string json, string field, string expected)
    {
        var id = FieldTable.Intern(field);
        Assert.Equal(expected, string.Join('|', Values(json, id)));
    }

    [Theory]
    [InlineData("""{"a":{"Image":"no"}}""")]
    [InlineData("""{"Event":{"Image":"no"}}""")]
    [InlineData("""{"Event":{"System":"x","Other":{"Image":"no"}}}""")]
    [InlineData("""{"FieldNames":{"Event":{"EventData":{"Image":"no"}}}}""")]
    [InlineData("""{"result":{"Image":"no"},"a":{"System":{"Image":"no"},"_source":{"Image":"no"}},"winlog":{"Image":"no","x":{"Image":"no"}}}""")]
    [InlineData("""{"Event":{"UserData":{"Image":"no"}}}""")]
    public void Nothing_else_is_cut_off_a_name(string json) => Assert.Empty(Values(json, Fields.Image));

    [Fact]
    public void A_rule_that_names_the_whole_path_finds_it_and_the_short_name_still_stands()
    {
        var whole = FieldTable.Intern("Event.EventData.FieldNamesWhole");
        var part = FieldTable.Intern("FieldNamesWhole");
        var other = FieldTable.Intern("System.FieldNamesWhole");
        const string Json = """{"Event":{"EventData":{"FieldNamesWhole":"v"}}}""";
        Assert.Equal(["v"], Values("""{"System":{"FieldNamesWhole":"v"}}""", other));
        Assert.Equal(["v"], Values(Json, whole));
        Assert.Equal(["v"], Values(Json, part));
    }

    private static List<string> Values(string json, FieldId field)
    {
        using var reader = new JsonRecordReader(new MemoryStream(Encoding.UTF8.GetBytes(json)), "x", malformed => Assert.Fail(malformed.ToString()));
        var batch = new EventBatch(4, 64 * 1024);
        Assert.True(reader.Fill(batch, null));
        var values = new List<string>();
        foreach (var value in batch.View(0).All(field)) values.Add(Encoding.UTF8.GetString(value.Text));
        return values;
    }
}
