; The installer for Windows, for Inno Setup 6.3 or newer. bundling/windows/inno.py compiles it, and gives with /D:
;   Title, Program, Terminal, Version, Publisher, Summary   as in product.py
;   Numbers       the version as four numbers
;   Words         what this edition is made of
;   Architecture  x64compatible or arm64
;   Bundle        the folder with the program
;   Licence, Notices, Icon, Associations   files; Associations holds the registry's entries for the exchange files
; and, where the program is signed, Signing: the name of the SignTool.

#define Executable Program + ".exe"

[Setup]
; Both editions are one program: the one that is installed later takes the place of the other.
AppId={{B2F0C1D4-7C0A-4E52-9E0B-6A3F3D5C8E17}
AppName={#Title}
AppVersion={#Version}
AppVerName={#Title} {#Version}
AppPublisher={#Publisher}
AppComments={#Summary}
VersionInfoVersion={#Numbers}
VersionInfoProductTextVersion={#Version}
VersionInfoDescription={#Title}, {#Words}
; Qt 6.11 runs on Windows 10 from version 1809 on.
MinVersion=10.0.17763
ArchitecturesAllowed={#Architecture}
ArchitecturesInstallIn64BitMode={#Architecture}
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
DefaultDirName={autopf}\{#Title}
DisableProgramGroupPage=yes
; The GPL need not be accepted to use a program: it is shown, and nothing is asked.
InfoBeforeFile={#Licence}
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\{#Executable}
UninstallDisplayName={#Title}
WizardStyle=modern
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
CloseApplications=yes
CloseApplicationsFilter=*.exe,*.dll,*.pyd
RestartApplications=no
ChangesAssociations=yes
ChangesEnvironment=yes
#ifdef Signing
SignTool={#Signing}
SignedUninstaller=yes
#endif

[Messages]
WizardInfoBefore=Free software
InfoBeforeLabel={#Title} is free: you may use it, pass it on, and change it.
InfoBeforeClickLabel=This is its licence. You need not accept anything to use the program. Press Next to go on.
ConfirmUninstall=Shall %1 be removed from this computer?%n%nYour sessions are not touched by this.
FinishedHeadingLabel=[name] is on your computer
FinishedLabel=You find it in the Start menu. It needs no internet: what you do with it stays on this computer.

[Tasks]
Name: "desktopicon"; Description: "Put an icon on the &desktop"; Flags: unchecked
Name: "path"; Description: "Let `{#Terminal}` be typed in the &terminal (for technical staff)"; Flags: unchecked

[InstallDelete]
; What an earlier version, or the other edition, is made of; only where it lies beside our own program.
Type: filesandordirs; Name: "{app}\_internal"; Check: IsOurs

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs
Source: "{#Licence}"; DestDir: "{app}"; DestName: "LICENSE.txt"; Flags: ignoreversion
Source: "{#Notices}"; DestDir: "{app}"; Flags: ignoreversion

[Icons]
Name: "{autoprograms}\{#Title}"; Filename: "{app}\{#Executable}"; Comment: "{#Summary}"
Name: "{autodesktop}\{#Title}"; Filename: "{app}\{#Executable}"; Comment: "{#Summary}"; Tasks: desktopicon

[Registry]
#include Associations

[Run]
Filename: "{app}\{#Executable}"; Description: "Open {#Title} now"; Flags: nowait postinstall skipifsilent

[Code]
function IsOurs: Boolean;
begin
  Result := FileExists(ExpandConstant('{app}\{#Executable}'));
end;

{ --- The terminal's program on the PATH --- }

function PathKey: String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

{ Entries of a PATH stand between semicolons; upper and lower case are the same. }
function Without(const Path, Folder: String): String;
var
  Start: Integer;
begin
  Result := ';' + Path + ';';
  Start := Pos(';' + AnsiLowercase(Folder) + ';', AnsiLowercase(Result));
  while Start > 0 do
  begin
    Delete(Result, Start, Length(Folder) + 1);
    Start := Pos(';' + AnsiLowercase(Folder) + ';', AnsiLowercase(Result));
  end;
  Result := Copy(Result, 2, Length(Result) - 2);
end;

procedure SetOnPath(const Wanted: Boolean);
var
  Before, After, Folder: String;
begin
  Folder := ExpandConstant('{app}');
  if not RegQueryStringValue(HKA, PathKey, 'Path', Before) then
  begin
    if RegValueExists(HKA, PathKey, 'Path') then
      Exit; { It cannot be read: better no command than no PATH. }
    Before := '';
  end;
  After := Without(Before, Folder);
  if Wanted and (After <> '') and (After[Length(After)] <> ';') then
    After := After + ';';
  if Wanted then
    After := After + Folder;
  if After <> Before then
    RegWriteExpandStringValue(HKA, PathKey, 'Path', After);
end;

procedure CurStepChanged(Step: TSetupStep);
begin
  if Step = ssPostInstall then
    SetOnPath(WizardIsTaskSelected('path'));
end;

{ --- Taking it away: a running program is not torn apart, and sessions stay unless a person says otherwise --- }

function IsRunning(const Name: String): Boolean;
var
  Stream: TFileStream;
begin
  Result := False;
  if FileExists(Name) then
  try
    Stream := TFileStream.Create(Name, fmOpenReadWrite or fmShareExclusive);
    Stream.Free;
  except
    Result := True;
  end;
end;

function AnyIsRunning: Boolean;
begin
  Result := IsRunning(ExpandConstant('{app}\{#Executable}')) or IsRunning(ExpandConstant('{app}\{#Terminal}.exe'));
end;

function InitializeUninstall: Boolean;
var
  Tries: Integer;
begin
  { A scanner may look at a program for a moment after it has ended. }
  Tries := 0;
  while AnyIsRunning and (Tries < 10) do
  begin
    Sleep(300);
    Tries := Tries + 1;
  end;
  Result := not AnyIsRunning;
  while not Result do
  begin
    if SuppressibleMsgBox('{#Title} is still open. Please close it, then press Retry.',
      mbInformation, MB_RETRYCANCEL, IDCANCEL) <> IDRETRY then
      Exit;
    Result := not AnyIsRunning;
  end;
end;

{ Where platformdirs, and so musicmed_desktop/paths.py, keeps all: sessions, settings, music models, reports. }
function KeptFolder: String;
begin
  Result := ExpandConstant('{localappdata}\{#Title}');
end;

procedure AskAboutSessions;
var
  Question: String;
begin
  Question :=
    '{#Title} was removed. Your sessions are still there, with your settings and your music models, in' + #13#10 +
    KeptFolder + #13#10#13#10 +
    'Shall all of them be deleted, too? Nobody can bring them back then.' + #13#10#13#10 +
    'If you do not know, choose No. Sessions that you keep in another folder stay there in any case.';
  if MsgBox(Question, mbConfirmation, MB_YESNO or MB_DEFBUTTON2) = IDYES then
    if not DelTree(KeptFolder, True, True, True) then
      MsgBox('Some of it could not be deleted. Please delete this folder yourself:' + #13#10 + KeptFolder,
        mbInformation, MB_OK);
end;

procedure TellThatAllIsKept;
begin
  MsgBox('{#Title} was removed. What each person on this computer keeps was not touched: sessions, settings and ' +
    'music models. Who wants them deleted, too, deletes this folder:' + #13#10 +
    '%LOCALAPPDATA%\{#Title}', mbInformation, MB_OK);
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
begin
  if Step = usUninstall then
    SetOnPath(False);
  if (Step = usPostUninstall) and not UninstallSilent then
    { An administrator may be another person than those whose sessions these are. }
    if IsAdminInstallMode then
      TellThatAllIsKept
    else if DirExists(KeptFolder) then
      AskAboutSessions;
end;
