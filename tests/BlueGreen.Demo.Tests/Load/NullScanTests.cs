using System.Text;
using BlueGreen.Demo.Load;
using CsCheck;

namespace BlueGreen.Demo.Tests.Load;

public sealed class NullScanTests
{
    [Fact]
    public void Found_HoweverTheBodyIsCut() =>
        Gen.Select(Gen.Char["nul 0,[]"].Array[0, 40], Gen.Int[1, 7]).Sample((characters, size) =>
        {
            var text = new string(characters);
            var scan = new NullScan();
            foreach (var piece in Encoding.ASCII.GetBytes(text).Chunk(size)) scan.Add(piece);
            return scan.Found == text.Contains("null", StringComparison.Ordinal);
        });
}
