using System.Runtime.InteropServices;

namespace BlueGreen.Demo.Hosting;

/// <summary>Where the programs are that were built along with this one.</summary>
/// <param name="DotNet">The host that runs this process.</param>
/// <param name="Standalone">bluegreen.dll.</param>
/// <param name="ModelServer">model-server.dll.</param>
internal sealed record Installation(string DotNet, string Standalone, string ModelServer)
{
    /// <exception cref="DemoException">One of them is not built.</exception>
    public static Installation Find()
    {
        // artifacts/bin/BlueGreen.Demo/release/ → artifacts/bin/<project>/release/
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        var bin = own.Parent!.Parent!.FullName;
        return new Installation(
            DotNetHost(),
            Existing(Path.Combine(bin, "BlueGreen.Standalone", own.Name, "bluegreen.dll")),
            Existing(Path.Combine(bin, "BlueGreen.ModelServer", own.Name, "model-server.dll")));
    }

    private static string Existing(string path) =>
        File.Exists(path) ? path : throw new DemoException($"{path} is not built; ./demo builds all that it needs.");

    private static string DotNetHost()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }
}
