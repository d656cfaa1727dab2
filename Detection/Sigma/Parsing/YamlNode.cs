using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>A node of one YAML document, with its place: a closed set of shapes.</summary>
internal abstract record YamlNode(Place At)
{
    /// <summary>
    /// A scalar; <paramref name="Plain"/> when neither quotes nor a block style nor a tag make it a string, <paramref name="Spans"/>
    /// when it is written over several lines.
    /// </summary>
    internal sealed record Scalar(Place At, string Text, bool Plain, bool Spans = false) : YamlNode(At);

    /// <summary>A list.</summary>
    internal sealed record Listing(Place At, IReadOnlyList<YamlNode> Items) : YamlNode(At);

    /// <summary>A mapping, in the written order.</summary>
    internal sealed record Mapping(Place At, IReadOnlyList<(Scalar Key, YamlNode Value)> Pairs) : YamlNode(At)
    {
        public YamlNode? Find(string key)
        {
            var at = IndexOf(key);
            return at < 0 ? null : Pairs[at].Value;
        }

        public Scalar? KeyOf(string key)
        {
            var at = IndexOf(key);
            return at < 0 ? null : Pairs[at].Key;
        }

        private int IndexOf(string key)
        {
            for (var i = 0; i < Pairs.Count; i++)
            {
                if (Pairs[i].Key.Text == key) return i;
            }

            return -1;
        }
    }

    /// <summary>What the node is, for messages.</summary>
    public string Shape => this switch
    {
        Mapping => "a mapping",
        Listing => "a list",
        _ => "a single value",
    };
}
