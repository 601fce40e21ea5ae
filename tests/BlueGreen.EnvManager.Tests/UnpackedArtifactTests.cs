using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using BlueGreen.EnvManager.Artifacts;

namespace BlueGreen.EnvManager.Tests;

public sealed class UnpackedArtifactTests : IDisposable
{
    private const long Limit = 100_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-unpacked-").FullName;
    private string Archive => Path.Combine(_folder, "artifact");
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public enum Kind
    {
        Zip,
        Tar,
        TarGz,
    }

    [Theory]
    [InlineData(Kind.Zip), InlineData(Kind.Tar), InlineData(Kind.TarGz)]
    public async Task Archive_IsUnpackedOnce(Kind kind)
    {
        await WriteAsync(kind, ("MLmodel", "a"), ("data/deep/model.pkl", "b"));

        Assert.Null(await UnpackedArtifact.MakeAsync(Archive, Limit, Token));
        File.Delete(Archive);
        Assert.Null(await UnpackedArtifact.MakeAsync(Archive, Limit, Token));

        Assert.Equal("b", await File.ReadAllTextAsync(Path.Combine(UnpackedArtifact.FolderOf(Archive), "data", "deep", "model.pkl"), Token));
    }

    [Theory]
    [InlineData(Kind.Zip), InlineData(Kind.Tar), InlineData(Kind.TarGz)]
    public async Task Archive_WithANameThatPointsOutOfIt_IsRefusedAndLeavesNothing(Kind kind)
    {
        await WriteAsync(kind, ("fine", "a"), ("../outside", "b"));

        var problem = await UnpackedArtifact.MakeAsync(Archive, Limit, Token);

        Assert.Contains("'../outside' points out of it", problem, StringComparison.Ordinal);
        Assert.Equal([Archive], Directory.EnumerateFileSystemEntries(_folder));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(_folder)!, "outside")));
    }

    [Theory]
    [InlineData(Kind.Zip), InlineData(Kind.Tar), InlineData(Kind.TarGz)]
    public async Task Archive_ThatIsMoreThanItSeems_IsRefusedAtTheLimit(Kind kind)
    {
        await WriteAsync(kind, ("zeros", new string('0', (int)Limit + 1)));
        Assert.Contains("ArtifactSizeLimitBytes", await UnpackedArtifact.MakeAsync(Archive, Limit, Token), StringComparison.Ordinal);
        Assert.Equal([Archive], Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Archive_WithALink_IsRefused()
    {
        await using (var file = File.Create(Archive))
        await using (var tar = new TarWriter(file))
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "model") { LinkName = "/etc/passwd" }, Token);

        Assert.Contains("'model' is no file", await UnpackedArtifact.MakeAsync(Archive, Limit, Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("onnx")]
    [InlineData("PK, but no ZIP")]
    public async Task File_ThatIsNoArchive_IsRefused(string text)
    {
        await File.WriteAllTextAsync(Archive, text, Token);
        Assert.Contains("cannot be unpacked", await UnpackedArtifact.MakeAsync(Archive, Limit, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_Packed_HasOneDigestWhereverAndWheneverItIs()
    {
        var digests = new List<string>();
        foreach (var name in new[] { "one", "two" })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, name, "inner")).Parent!.FullName;
            await File.WriteAllTextAsync(Path.Combine(folder, "b"), "1", Token);
            await File.WriteAllTextAsync(Path.Combine(folder, "inner", "a"), "2", Token);
            File.SetLastWriteTimeUtc(Path.Combine(folder, "b"), new DateTime(2001, 1, digests.Count + 1, 0, 0, 0, DateTimeKind.Utc));
            await using var packed = PackedFolder.Open(
                name == "one" ? ["b", "inner/a"] : ["inner/a", "b"], (file, _) => Task.FromResult(ArtifactStream.Of(File.OpenRead(Path.Combine(folder, file)))));
            digests.Add(Convert.ToHexStringLower(await SHA256.HashDataAsync(packed.Content!, Token)));
        }

        Assert.Equal(digests[0], digests[1]);
    }

    [Fact]
    public async Task Folder_WithAFileThatCannotBeHad_EndsTheReading()
    {
        await using var packed = PackedFolder.Open(["a"], (_, _) => Task.FromResult(ArtifactStream.Refused("it is gone")));
        var broken = await Assert.ThrowsAnyAsync<IOException>(() => packed.Content!.CopyToAsync(Stream.Null, Token));
        Assert.Contains("it is gone", broken.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task WriteAsync(Kind kind, params (string Name, string Text)[] files)
    {
        await using var file = File.Create(Archive);
        if (kind == Kind.Zip)
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Create);
            foreach (var (name, text) in files)
            {
                await using var entry = zip.CreateEntry(name).Open();
                await entry.WriteAsync(Encoding.UTF8.GetBytes(text), Token);
            }

            return;
        }

        await using Stream target = kind == Kind.TarGz ? new GZipStream(file, CompressionLevel.Fastest) : file;
        await using var tar = new TarWriter(target);
        foreach (var (name, text) in files)
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) }, Token);
    }
}
