using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace PhotoMl.Tests;

/// <summary>Runs a test's action as a user to whom permissions apply: to root they do not.</summary>
internal static class Unprivileged
{
    private const uint Nobody = 65534;

    /// <summary>Runs an action on a thread that reads files as another user. Linux only.</summary>
    public static T Run<T>(Func<T> action)
    {
        var (result, failure) = (default(T), default(ExceptionDispatchInfo));
        var thread = new Thread(() =>
        {
            try
            {
                if (Environment.IsPrivilegedProcess)
                {
                    _ = SetFileUser(Nobody); // of this thread alone, which ends here
                }

                result = action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    private static extern int SetFileUser(uint user);
}
