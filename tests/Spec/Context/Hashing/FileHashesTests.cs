using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Context.Hashing;

namespace Picket.Spec.Context.Hashing;

public sealed class FileHashesTests
{
    [Fact]
    public void They_are_written_as_Sysmon_writes_them_and_can_be_taken_apart()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[] Content, byte Chosen, bool Unsure)>(), made =>
        {
            var content = made.Content ?? [];
            var chosen = (HashAlgorithms)(made.Chosen % 8);
            byte[] md5 = Of(HashAlgorithms.Md5, HashAlgorithmName.MD5), sha1 = Of(HashAlgorithms.Sha1, HashAlgorithmName.SHA1);
            var sha256 = Of(HashAlgorithms.Sha256, HashAlgorithmName.SHA256);
            var hashes = FileHashes.Of(md5, sha1, sha256, made.Unsure);
            if (chosen == HashAlgorithms.None)
            {
                Assert.Null(hashes);
                return;
            }

            Assert.NotNull(hashes);
            string[] parts = [.. new[] { ("MD5", md5), ("SHA1", sha1), ("SHA256", sha256) }.Where(part => part.Item2.Length > 0)
                .Select(part => $"{part.Item1}={Convert.ToHexString(part.Item2)}")];
            Assert.Equal(string.Join(',', parts), Encoding.ASCII.GetString(hashes.Text));
            foreach (var same in (FileHashes[])[hashes, FileHashes.Read(hashes.Text, made.Unsure)])
            {
                Assert.Equal(Convert.ToHexString(md5), Encoding.ASCII.GetString(same.Md5));
                Assert.Equal(Convert.ToHexString(sha1), Encoding.ASCII.GetString(same.Sha1));
                Assert.Equal(Convert.ToHexString(sha256), Encoding.ASCII.GetString(same.Sha256));
                Assert.Equal(made.Unsure, same.IsUnsure);
            }

            byte[] Of(HashAlgorithms algorithm, HashAlgorithmName name) => chosen.HasFlag(algorithm) ? CryptographicOperations.HashData(name, content) : [];
        }).QuickCheckThrowOnFailure();
    }
}
