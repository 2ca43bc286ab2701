using System.ComponentModel;
using System.Diagnostics;

namespace Gateway.Kernel;

/// <summary>Asks a tool of the operating system. Blocks no thread.</summary>
internal static class SystemTool
{
    /// <summary>Returns the output of a tool; null if it cannot be run, or is not done in time.</summary>
    /// <param name="limit">Covers its start, its run and the reading of its output.</param>
    public static async Task<string?> OutputAsync(string tool, IReadOnlyList<string> arguments, TimeSpan limit)
    {
        try
        {
            using var asked = Process.Start(new ProcessStartInfo(tool, arguments)
            { RedirectStandardOutput = true, UseShellExecute = false, CreateNoWindow = true });
            return asked is null ? null : await ReadAsync(asked, limit);
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static async Task<string?> ReadAsync(Process asked, TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            var answer = await asked.StandardOutput.ReadToEndAsync(late.Token);
            await asked.WaitForExitAsync(late.Token);
            return answer;
        }
        catch (OperationCanceledException)
        {
            asked.Kill();
            return null;
        }
    }
}
