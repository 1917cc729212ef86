<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<!-- SPDX-FileCopyrightText: The Lectern developers
     SPDX-License-Identifier: GPL-3.0-or-later WITH AdditionRef-Lectern-CUDA -->
<TS version="2.1" language="en_US">
    <context>
        <name>LibraryModel</name>
        <message numerus="yes">
            <source>Being read, %Ln pages so far.</source>
            <translation>
                <numerusform>Being read, %Ln page so far.</numerusform>
                <numerusform>Being read, %Ln pages so far.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pages could not be read.</source>
            <translation>
                <numerusform>%Ln page could not be read.</numerusform>
                <numerusform>%Ln pages could not be read.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pages.</source>
            <translation>
                <numerusform>%Ln page.</numerusform>
                <numerusform>%Ln pages.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::AddTray</name>
        <message numerus="yes">
            <source>%Ln pages</source>
            <translation>
                <numerusform>%Ln page</numerusform>
                <numerusform>%Ln pages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::AnswerView</name>
        <message numerus="yes">
            <source>%Ln citations</source>
            <translation>
                <numerusform>%Ln citation</numerusform>
                <numerusform>%Ln citations</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::Composer</name>
        <message numerus="yes">
            <source>%n selected documents</source>
            <translation>
                <numerusform>%n selected document</numerusform>
                <numerusform>%n selected documents</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln documents</source>
            <translation>
                <numerusform>%Ln document</numerusform>
                <numerusform>%Ln documents</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::DropHint</name>
        <message numerus="yes">
            <source>Drop to add %Ln files or folders to the library</source>
            <translation>
                <numerusform>Drop to add %Ln file or folder to the library</numerusform>
                <numerusform>Drop to add %Ln files or folders to the library</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::ImportReport</name>
        <message numerus="yes">
            <source>%Ln files need attention</source>
            <translation>
                <numerusform>%Ln file needs attention</numerusform>
                <numerusform>%Ln files need attention</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>and %Ln files more</source>
            <translation>
                <numerusform>and %Ln file more</numerusform>
                <numerusform>and %Ln files more</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln files</source>
            <translation>
                <numerusform>%Ln file</numerusform>
                <numerusform>%Ln files</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pages</source>
            <translation>
                <numerusform>%Ln page</numerusform>
                <numerusform>%Ln pages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::MainWindow</name>
        <message numerus="yes">
            <source>Remove %Ln documents from the library?</source>
            <translation>
                <numerusform>Remove %Ln document from the library?</numerusform>
                <numerusform>Remove %Ln documents from the library?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::StatusLine</name>
        <message numerus="yes">
            <source>%Ln documents</source>
            <translation>
                <numerusform>%Ln document</numerusform>
                <numerusform>%Ln documents</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln pages</source>
            <translation>
                <numerusform>%Ln page</numerusform>
                <numerusform>%Ln pages</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::TurnView</name>
        <message numerus="yes">
            <source>From %Ln documents</source>
            <translation>
                <numerusform>From %Ln document</numerusform>
                <numerusform>From %Ln documents</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>lectern::VerdictTally</name>
        <message numerus="yes">
            <source>%n verified</source>
            <translation>
                <numerusform>%n verified</numerusform>
                <numerusform>%n verified</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n partly</source>
            <translation>
                <numerusform>%n partly</numerusform>
                <numerusform>%n partly</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n gist</source>
            <translation>
                <numerusform>%n gist</numerusform>
                <numerusform>%n gist</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n contradicted</source>
            <translation>
                <numerusform>%n contradicted</numerusform>
                <numerusform>%n contradicted</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n without support</source>
            <translation>
                <numerusform>%n without support</numerusform>
                <numerusform>%n without support</numerusform>
            </translation>
        </message>
    </context>
</TS>
