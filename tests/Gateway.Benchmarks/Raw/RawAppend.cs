using System.Diagnostics;

namespace Gateway.Benchmarks.Raw;

/// <summary>The limit of the disk: messages appended to a file in groups, with a flush each.</summary>
internal static class RawAppend
{
    /// <summary>The approximate size of a message beside its body.</summary>
    private const int HeaderBytes = 60;

    /// <summary>The seconds that each group took.</summary>
    public static double[] Run(DirectoryInfo folder, int groups, int groupMessages, int bodyBytes)
    {
        var path = Path.Combine(folder.FullName, "raw");
        var bytes = new byte[groupMessages * (bodyBytes + HeaderBytes)];
        var seconds = new double[groups];
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (var group = 0; group < groups; group++)
            {
                var started = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, bytes, (long)group * bytes.Length);
                RandomAccess.FlushToDisk(file);
                seconds[group] = Stopwatch.GetElapsedTime(started).TotalSeconds;
            }
        }

        File.Delete(path);
        return seconds;
    }
}
