using System.Net;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>The two ends of a connection and what went over it: ECS source, destination, network and dns.</summary>
internal static class NetworkFields
{
    private static readonly FieldId SourceName = FieldTable.Intern("SourceHostname");

    internal static void Write(EcsWriter writer, in EventView view, Related related)
    {
        WriteEnd(writer, "source", view, Fields.SourceIp, Fields.SourcePort, SourceName, related);
        WriteEnd(writer, "destination", view, Fields.DestinationIp, Fields.DestinationPort, Fields.DestinationHostname, related);
        WriteNetwork(writer, view);
        WriteDns(writer, view, related);
    }

    private static void WriteEnd(EcsWriter writer, string field, in EventView view, FieldId address, FieldId port, FieldId name,
        Related related)
    {
        writer.Begin(field);
        var text = Encoding.UTF8.GetString(view.First(address).Text);
        if (IPAddress.TryParse(text, out var parsed))
        {
            writer.Text("ip", parsed.ToString());
            related.Address(parsed.ToString());
        }

        writer.Text("address", text);
        if (FieldNumber.TryRead(view.First(port), out var number) && number is > 0 and <= 65535) writer.Number("port", number);
        writer.Text("domain", view.First(name).Text);
        related.Host(Encoding.UTF8.GetString(view.First(name).Text));
        writer.End();
    }

    private static void WriteNetwork(EcsWriter writer, in EventView view)
    {
        writer.Begin("network");
        var isName = view.Record.Kind is EventKind.DnsQuery or EventKind.DnsAnswer;
        writer.Text("transport", Encoding.UTF8.GetString(view.First(Fields.Protocol).Text).ToLowerInvariant());
        writer.Text("protocol", isName ? "dns" : "");
        if (IPAddress.TryParse(Encoding.UTF8.GetString(view.First(Fields.DestinationIp).Text), out var address))
            writer.Text("type", address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? "ipv4" : "ipv6");
        writer.Text("direction", DirectionOf(view));
        writer.End();
    }

    /// <summary>As this host sees it; nothing where the event does not say who began.</summary>
    private static string DirectionOf(in EventView view)
    {
        if (view.Record.Kind == EventKind.DnsAnswer) return "ingress";
        var initiated = view.First(Fields.Initiated).Text;
        if (initiated.IsEmpty) return "";
        return Ascii.EqualsIgnoreCase(initiated, "true"u8) ? "egress" : "ingress";
    }

    private static void WriteDns(EcsWriter writer, in EventView view, Related related)
    {
        var question = view.First(Fields.QueryName).Text;
        if (question.IsEmpty) return;
        related.Host(Encoding.UTF8.GetString(question));
        writer.Begin("dns");
        writer.Text("type", view.Record.Kind switch { EventKind.DnsQuery => "query", EventKind.DnsAnswer => "answer", _ => "" });
        writer.Begin("question");
        writer.Text("name", question);
        writer.Text("type", view.First(Fields.QueryType).Text);
        writer.End();
        if (FieldNumber.TryRead(view.First(Fields.QueryStatus), out var status)) writer.Text("response_code", CodeOf(status));
        var answers = DnsResults.Parse(view.First(Fields.QueryResults).Text);
        if (answers.Count > 0)
        {
            writer.BeginArray("answers");
            foreach (var answer in answers)
            {
                if (!writer.BeginItem()) break;
                writer.Text("type", answer.Type);
                writer.Text("data", answer.Data);
                writer.End();
            }

            writer.EndArray();
            var addresses = answers.Where(answer => answer.IsAddress).Select(answer => answer.Data)
                .Distinct(StringComparer.Ordinal).ToList();
            writer.Texts("resolved_ip", addresses);
            foreach (var one in addresses) related.Address(one);
            foreach (var answer in answers.Where(answer => answer.Type == "CNAME")) related.Host(answer.Data);
        }

        writer.End();
    }

    /// <summary>The names of RFC 6895 for the codes that occur, else the number.</summary>
    private static string CodeOf(long status) => status switch
    {
        0 => "NOERROR",
        1 => "FORMERR",
        2 => "SERVFAIL",
        3 => "NXDOMAIN",
        4 => "NOTIMP",
        5 => "REFUSED",
        _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
